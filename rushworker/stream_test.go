package rushworker

import (
	"math/rand/v2"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/seeds"
)

// Whichever tasks a worker comes to, and in which order: each has the stream of
// its number.
func TestStreamsInAnyOrder(t *testing.T) {
	t.Parallel()
	root := seeds.New(42)
	s := streams{root: root}
	keys := []rush.TaskKey{0, 0, 1, 2, 2, 1, 0, 7, 1 << 30, 3}
	r := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		keys = append(keys, rush.TaskKey(r.Int64N(1<<(1+r.Int64N(40)))))
	}
	for i, key := range keys {
		if got, want := s.at(key), root.At(int64(key)); got != want {
			t.Fatalf("after %v: task %d has the stream %v, want %v", keys[:i], key, got, want)
		}
	}
}
