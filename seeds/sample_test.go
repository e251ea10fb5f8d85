package seeds_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rushnet/rush/seeds"
	"pgregory.net/rapid"
)

func TestASampleHasDifferentIntegersInRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.IntRange(0, 300), rapid.IntRange(1e7-1, math.MaxInt)).Draw(t, "n")
		size := rapid.IntRange(0, min(n, 300)).Draw(t, "size")
		sample := anyStream().Draw(t, "stream").Generator().SampleInt(n, size)
		if len(sample) != size {
			t.Fatalf("%d integers, want %d", len(sample), size)
		}
		seen := make(map[int]bool)
		for _, v := range sample {
			if v < 1 || v > n || seen[v] {
				t.Fatalf("%d is out of [1, %d] or repeated in %v", v, n, sample)
			}
			seen[v] = true
		}
	})
}

func TestTheSparseShuffleIsTheShuffle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 200).Draw(t, "n")
		size := rapid.IntRange(0, n).Draw(t, "size")
		dense := anyStream().Draw(t, "stream").Generator()
		sparse := dense.Stream().Generator()
		want, got := seeds.Shuffle(dense, n, size), seeds.ShuffleSparse(sparse, n, size)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("the sparse shuffle differs (-dense +sparse):\n%s", diff)
		}
	})
}

func TestIndexIsOneLessThanASampleOfOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntMin(1).Draw(t, "n")
		a := anyStream().Draw(t, "stream").Generator()
		b := a.Stream().Generator()
		i, sample := a.Index(n), b.SampleInt(n, 1)
		if i < 0 || i >= n || n > 1 && i+1 != sample[0] {
			t.Fatalf("Index(%d) = %d, SampleInt(%[1]d, 1) = %v", n, i, sample)
		}
	})
}

func TestImpossibleSamplesPanic(t *testing.T) {
	t.Parallel()
	g := seeds.New(1).Generator()
	mustPanic(t, "Index(0)", func() { g.Index(0) })
	mustPanic(t, "Index(-1)", func() { g.Index(-1) })
	mustPanic(t, "SampleInt(-1, 0)", func() { g.SampleInt(-1, 0) })
	mustPanic(t, "SampleInt(3, -1)", func() { g.SampleInt(3, -1) })
	mustPanic(t, "SampleInt(3, 4)", func() { g.SampleInt(3, 4) })
}

func BenchmarkSampleInt(b *testing.B) {
	g := seeds.New(42).Generator()
	for name, c := range map[string]struct{ n, size int }{
		"1000 of 1000":    {1000, 1000},
		"10 of 1000000":   {1e6, 10},
		"10 of 100000000": {1e8, 10},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g.SampleInt(c.n, c.size)
			}
		})
	}
}
