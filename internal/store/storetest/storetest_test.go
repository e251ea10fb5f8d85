package storetest

import (
	"testing"

	"github.com/rushnet/rush/internal/store"
)

// The suite passes on a store that is right.
func TestMemory(t *testing.T) {
	s := newMemory("")
	Run(t, func(*testing.T) store.Store { return s })
}
