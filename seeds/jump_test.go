package seeds_test

import (
	"math"
	"testing"

	"github.com/rushnet/rush/seeds"
	"pgregory.net/rapid"
)

func TestAtAndSubAreNextAndNextSubRepeated(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anyStream().Draw(t, "stream")
		next, sub := s, s
		for i := range int64(rapid.IntRange(1, 50).Draw(t, "count")) {
			if got := s.Sub(i); got != sub {
				t.Fatalf("Sub(%d) = %v, NextSub leads to %v", i, got, sub)
			}
			next, sub = next.Next(), sub.NextSub()
			if got := s.At(i); got != next {
				t.Fatalf("At(%d) = %v, Next leads to %v", i, got, next)
			}
			if err := next.Check(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestJumpsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anyStream().Draw(t, "stream")
		a := rapid.Int64Range(0, math.MaxInt64/2).Draw(t, "a")
		b := rapid.Int64Range(0, math.MaxInt64/2).Draw(t, "b")
		if got, want := s.Sub(a).Sub(b), s.Sub(a+b); got != want {
			t.Fatalf("Sub(%d).Sub(%d) = %v, want %v", a, b, got, want)
		}
		if got, want := s.At(a).At(b), s.At(a+b+1); got != want {
			t.Fatalf("At(%d).At(%d) = %v, want %v", a, b, got, want)
		}
		if got, want := s.At(a).Sub(b), s.Sub(b).At(a); got != want {
			t.Fatalf("At(%d).Sub(%d) = %v, want %v", a, b, got, want)
		}
	})
}

func TestAStreamHolds2To51Substreams(t *testing.T) {
	t.Parallel()
	s := seeds.New(7)
	if got, want := s.Sub(1<<51), s.Next(); got != want {
		t.Errorf("Sub(2^51) = %v, want the next stream %v", got, want)
	}
}

func TestATaskHasItsStreamItsProposalAndItsObjective(t *testing.T) {
	t.Parallel()
	network := seeds.New(42)
	task := network.Task(3)
	if want := network.Next().Next().Next().Next(); task != want {
		t.Errorf("Task(3) = %v, want %v", task, want)
	}
	if got := task.Objective(); got != task {
		t.Errorf("Objective() = %v, want substream 0, %v", got, task)
	}
	if got, want := task.Proposal(), task.NextSub(); got != want {
		t.Errorf("Proposal() = %v, want substream 1, %v", got, want)
	}
}

func TestJumpsBackwardsPanic(t *testing.T) {
	t.Parallel()
	s := seeds.New(1)
	mustPanic(t, "At(-1)", func() { s.At(-1) })
	mustPanic(t, "Task(-1)", func() { s.Task(-1) })
	mustPanic(t, "Sub(-1)", func() { s.Sub(-1) })
}

func mustPanic(t *testing.T, name string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s did not panic", name)
		}
	}()
	f()
}

func BenchmarkNext(b *testing.B) {
	s := seeds.New(42)
	for b.Loop() {
		s = s.Next()
	}
}

func BenchmarkAt(b *testing.B) {
	for name, i := range map[string]int64{"1000": 1000, "1000000": 1e6, "max": math.MaxInt64 - 1} {
		b.Run(name, func(b *testing.B) {
			s := seeds.New(42)
			for b.Loop() {
				s.At(i)
			}
		})
	}
}
