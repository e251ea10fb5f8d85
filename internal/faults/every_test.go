package faults_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/rushnet/rush/internal/store"
)

// Every verb of a store is called by one of the lives that are killed at each
// boundary, so that each is killed before and after.
func TestEveryVerbIsKilledAtItsBoundaries(t *testing.T) {
	t.Parallel()
	var called []string
	for _, part := range []string{"hand", "shelf"} {
		s := newScene(t, t.TempDir()+"/rush.db")
		s.play(part, envCalls+"="+s.calls)
		lines, err := readLines(s.calls)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			called = append(called, line[strings.LastIndex(line, " ")+1:])
		}
	}
	for _, of := range []reflect.Type{reflect.TypeFor[store.Store](), reflect.TypeFor[store.Network]()} {
		for i := range of.NumMethod() {
			m := of.Method(i)
			if m.Type.NumIn() > 0 && m.Type.In(0) == contextType && !slices.Contains(called, m.Name) {
				t.Errorf("%s is in no life that is killed: call it in playHand or in playShelf", m.Name)
			}
		}
	}
}
