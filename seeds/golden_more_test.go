package seeds_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rushnet/rush/seeds"
)

// goldenMore is testdata/r422_more.json, written by R 4.2.2 with the script beside it. All but the
// first list begin at set.seed(42).
type goldenMore struct {
	R       string `json:"R"`
	SetSeed []struct {
		Seed   int32        `json:"seed"`
		Stream seeds.Stream `json:"stream"`
	} `json:"set_seed"`
	Stream1000    seeds.Stream `json:"stream_1000"`
	Substream1000 seeds.Stream `json:"substream_1000"`
	SampleInt     []struct {
		N     int64        `json:"n"`
		Size  int          `json:"size"`
		Last  []int64      `json:"last"` // the last five, or all
		After seeds.Stream `json:"after"`
	} `json:"sample_int"`
	Runif []struct {
		Lower, Upper float64
		Values       reals `json:"values"`
	} `json:"runif"`
	Qnorm []struct {
		P     real `json:"p"`
		Value real `json:"value"`
	} `json:"qnorm"`
	Rnorm longRun `json:"rnorm"`
	Rexp  longRun `json:"rexp"`
}

// A longRun is 100000 draws, of which R wrote down each thousandth.
type longRun struct {
	Thousandth reals        `json:"every_1000th"`
	After      seeds.Stream `json:"after"`
}

func TestMoreValuesOfR(t *testing.T) {
	t.Parallel()
	var want goldenMore
	readTestdata(t, "r422_more.json", &want)
	network := seeds.New(42)

	for _, c := range want.SetSeed {
		if got := seeds.New(c.Seed); got != c.Stream {
			t.Errorf("New(%d) = %v, in R %v", c.Seed, got, c.Stream)
		}
	}
	if got := network.At(999); got != want.Stream1000 {
		t.Errorf("At(999) = %v, in R %v", got, want.Stream1000)
	}
	if got := network.Sub(1000); got != want.Substream1000 {
		t.Errorf("Sub(1000) = %v, in R %v", got, want.Substream1000)
	}
	for _, c := range want.SampleInt {
		if c.N > math.MaxInt {
			continue // R's are doubles there
		}
		g := network.Generator()
		var last []int64
		for _, v := range g.SampleInt(int(c.N), c.Size)[c.Size-len(c.Last):] {
			last = append(last, int64(v))
		}
		if diff := cmp.Diff(c.Last, last); diff != "" {
			t.Errorf("the end of SampleInt(%d, %d) differs from R (-R +got):\n%s", c.N, c.Size, diff)
		}
		if got := g.Stream(); got != c.After {
			t.Errorf("the state after SampleInt(%d, %d) is %v, in R %v", c.N, c.Size, got, c.After)
		}
	}
	for _, c := range want.Runif {
		g := network.Generator()
		got := draw(len(c.Values), func() float64 { return g.Runif(c.Lower, c.Upper) })
		if diff := cmp.Diff(c.Values, got); diff != "" {
			t.Errorf("Runif(%g, %g) differs from R (-R +got):\n%s", c.Lower, c.Upper, diff)
		}
	}
	for _, c := range want.Qnorm {
		if got := real(seeds.NormalQuantile(float64(c.P))); got != c.Value {
			t.Errorf("the quantile of %v is %v, in R %v", c.P, got, c.Value)
		}
	}
	normal, exponential := network.Generator(), network.Generator()
	if diff := cmp.Diff(want.Rnorm, run(normal, normal.Norm)); diff != "" {
		t.Errorf("Norm differs from R (-R +got):\n%s", diff)
	}
	if diff := cmp.Diff(want.Rexp, run(exponential, exponential.Exp)); diff != "" {
		t.Errorf("Exp differs from R (-R +got):\n%s", diff)
	}
}

func run(g *seeds.Generator, f func() float64) longRun {
	var r longRun
	for range 100 {
		draw(999, f)
		r.Thousandth = append(r.Thousandth, real(f()))
	}
	r.After = g.Stream()
	return r
}

func TestRunifOfBadBoundsIsNaNWithoutADrawAsInR(t *testing.T) {
	t.Parallel()
	inf, nan := math.Inf(1), math.NaN()
	for _, bounds := range [][2]float64{{1, 0}, {0, inf}, {-inf, 0}, {inf, inf}, {nan, 1}, {0, nan}} {
		g := seeds.New(42).Generator()
		if got := g.Runif(bounds[0], bounds[1]); !math.IsNaN(got) {
			t.Errorf("Runif(%v, %v) = %v, want NaN", bounds[0], bounds[1], got)
		}
		if g.Stream() != seeds.New(42) {
			t.Errorf("Runif(%v, %v) drew a number", bounds[0], bounds[1])
		}
	}
}
