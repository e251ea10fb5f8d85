package halving

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rushnet/rush/loops/space"
)

func budget(lower, upper float64, t space.Type) space.Param {
	return space.Param{Name: "epochs", Type: t, Lower: lower, Upper: upper, Fidelity: true}
}

// Table 1 of Li et al. (2018): R = 81, eta = 3. For each bracket, the points that
// begin and the first budget.
func TestBracketsAreThoseOfThePaper(t *testing.T) {
	t.Parallel()
	budgets := ladder(budget(1, 81, space.Int), 3)
	if want := []float64{1, 3, 9, 27, 81}; !cmp.Equal(budgets, want) {
		t.Errorf("budgets %v, expected %v", budgets, want)
	}
	if got, want := starts(5, 3), []int{5, 8, 15, 34, 81}; !cmp.Equal(got, want) {
		t.Errorf("%v points begin, expected %v", got, want)
	}
	for s, want := range []int{5, 8 + 2, 15 + 5 + 1, 34 + 11 + 3 + 1, 81 + 27 + 9 + 3 + 1} {
		if got := tasks(starts(5, 3)[s], s, 3); got != want {
			t.Errorf("bracket %d has %d tasks, expected %d", s, got, want)
		}
	}
}

func TestLaddersEndAtTheUpperBound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p    space.Param
		eta  float64
		want []float64
	}{
		{budget(1, 100, space.Int), 3, []float64{1, 4, 11, 33, 100}},
		{budget(2, 100, space.Int), 4, []float64{6, 25, 100}},
		{budget(1, 4, space.Int), 1.5, []float64{1, 2, 3, 4}},
		{budget(0.125, 1, space.Dbl), 2, []float64{0.125, 0.25, 0.5, 1}},
		{budget(5, 5, space.Int), 3, []float64{5}},
	} {
		if got := ladder(c.p, c.eta); !cmp.Equal(got, c.want) {
			t.Errorf("%v, eta %v: budgets %v, expected %v", c.p, c.eta, got, c.want)
		}
	}
}

func TestLaddersRiseWithinTheBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := budget(rapid.Float64Range(0.01, 50).Draw(t, "lower"), 0, rapid.SampledFrom([]space.Type{space.Int, space.Dbl}).Draw(t, "type"))
		if p.Type == space.Int {
			p.Lower = float64(int(p.Lower) + 1)
		}
		p.Upper = p.Lower + float64(rapid.IntRange(0, 1000).Draw(t, "more"))
		got := ladder(p, rapid.Float64Range(1.5, 10).Draw(t, "eta"))
		if got[len(got)-1] != p.Upper || got[0] < p.Lower {
			t.Fatalf("%v: %v does not keep to the bounds", p, got)
		}
		for i := 1; i < len(got); i++ {
			if got[i] <= got[i-1] {
				t.Fatalf("%v does not rise", got)
			}
		}
	})
}

// Any stretch of tasks has of each bracket its share, but for one or two.
func TestBracketsTakeTurns(t *testing.T) {
	t.Parallel()
	shares := []int{121, 49, 21, 10, 5}
	order := turns(shares)
	count := make([]int, len(shares))
	for i, b := range order {
		count[b]++
		for b, n := range shares {
			if want := float64(i+1) * float64(n) / 206; float64(count[b]) < want-2 || float64(count[b]) > want+2 {
				t.Fatalf("after %d tasks bracket %d had %d, expected about %.1f", i+1, b, count[b], want)
			}
		}
	}
	if !cmp.Equal(count, shares) {
		t.Errorf("%v, expected %v", count, shares)
	}
}

func TestAFidelityParameterIsNeeded(t *testing.T) {
	t.Parallel()
	x := space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 1}
	for _, c := range []struct {
		space space.Space
		want  string
	}{
		{space.MustNew(x), "no fidelity parameter; add one"},
		{space.MustNew(x, budget(0, 10, space.Int)), "lower bound above 0"},
		{space.MustNew(budget(1, 10, space.Int)), "nothing to search but"},
	} {
		if _, err := fidelity(c.space); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, expected %q", c.space, err, c.want)
		}
	}
}
