package sqlitestore

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func drawKey(t *rapid.T, what string) rush.TaskKey {
	return rush.TaskKey(rapid.Int64Range(-1, 1<<numberBits).Draw(t, what))
}

func TestKeysSurvive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOf(rapid.Custom(func(t *rapid.T) rush.TaskKey { return drawKey(t, "key") })).Draw(t, "keys")
		if diff := cmp.Diff(keys, decodeKeys(encodeKeys(keys)), cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestSeedsSurvive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.SliceOfN(rapid.Int32(), 0, 7).Draw(t, "seed")
		if diff := cmp.Diff(seed, decodeSeed(encodeSeed(seed)), cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAnswersSurvive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		turn := store.Turn{
			Created: drawKey(t, "created"), Claimed: drawKey(t, "claimed"), Started: rapid.Int64().Draw(t, "started"),
			Rejected: rapid.Bool().Draw(t, "rejected"), Exhausted: rapid.Bool().Draw(t, "exhausted"),
			Drained: rapid.Bool().Draw(t, "drained"), Stop: rapid.String().Draw(t, "stop"),
		}
		for range rapid.IntRange(0, 5).Draw(t, "outcomes") {
			turn.Outcomes = append(turn.Outcomes, store.Outcome(rapid.IntRange(0, 3).Draw(t, "outcome")))
		}
		want := rush.NoTask
		if rapid.Bool().Draw(t, "popped") {
			turn.Task = &rush.Record{Key: drawKey(t, "task"), Attempt: rapid.IntRange(0, 1000).Draw(t, "attempt")}
			want = turn.Task.Key
		}
		program := rapid.Uint32().Draw(t, "program")
		encoded := encodeTurn(&turn, program)
		a, err := decodeTurn(encoded)
		if err != nil {
			t.Fatal(err)
		}
		if a.program != program || a.task != want || turn.Task != nil && a.attempt != turn.Task.Attempt {
			t.Fatalf("got attempt %d of task %d for program %d", a.attempt, a.task, a.program)
		}
		turn.Task, a.turn.Outcomes = nil, a.outcomes
		if diff := cmp.Diff(turn, a.turn, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
		if cut := rapid.IntRange(0, 7).Draw(t, "cut"); cut < len(encoded) {
			if _, err := decodeTurn(encoded[:cut]); err == nil {
				t.Fatalf("%d of %d bytes were read as an answer", cut, len(encoded))
			}
		}
	})
}
