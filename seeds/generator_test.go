package seeds_test

import (
	"math"
	"testing"

	"github.com/rushnet/rush/seeds"
	"pgregory.net/rapid"
)

func TestAStreamFilledInBadlyHasNoGenerator(t *testing.T) {
	t.Parallel()
	mustPanic(t, "Generator of the zero Stream", func() { seeds.Stream{}.Generator() })
	mustPanic(t, "Generator of zeros", func() { seeds.Stream{10407}.Generator() })
}

func TestTheLogarithmIsThatOfMath(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(1e-19, 0.125).Draw(t, "x")
		want := math.Log(x)
		if got := seeds.Logarithm(x); math.Abs(got-want) > 2.3e-16*math.Abs(want) {
			t.Fatalf("the logarithm of %v is %v, want %v or a neighbour", x, got, want)
		}
	})
}

func TestTheNormalQuantileOfOneIsInfiniteAsInR(t *testing.T) {
	t.Parallel()
	if got := seeds.NormalQuantile(1); !math.IsInf(got, 1) {
		t.Errorf("the quantile of 1 is %v, want +Inf", got)
	}
}

func BenchmarkDraws(b *testing.B) {
	g := seeds.New(42).Generator()
	for name, draw := range map[string]func(){
		"Float64": func() { g.Float64() },
		"Norm":    func() { g.Norm() },
		"Exp":     func() { g.Exp() },
		"Uint64":  func() { g.Uint64() },
		"Index":   func() { g.Index(1000) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				draw()
			}
		})
	}
}
