package space_test

import (
	"testing"

	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// BenchmarkSampleOfAThinDiagonal draws points of which random ones are hardly any.
func BenchmarkSampleOfAThinDiagonal(b *testing.B) {
	s, err := space.MustNew(dbls("a", "b")...).Constrain("abs(a - b) < 1e-6")
	if err != nil {
		b.Fatal(err)
	}
	g := seeds.New(1).Generator()
	for b.Loop() {
		s.Sample(g)
	}
}
