package rushworker_test

import (
	"os"
	"testing"

	"github.com/rushnet/rush/internal/redistest"
)

func TestMain(m *testing.M) { os.Exit(redistest.Main(m)) }
