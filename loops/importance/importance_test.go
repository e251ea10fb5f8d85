package importance_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/dependence"
	"github.com/rushnet/rush/loops/importance"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

func mixed() space.Space {
	return space.MustNew(
		space.Param{Name: "rate", Type: space.Dbl, Lower: 1e-4, Upper: 1, Log: true},
		space.Param{Name: "kernel", Type: space.Fct, Levels: []any{"rbf", "linear", "poly"}},
		space.Param{Name: "degree", Type: space.Int, Lower: 1, Upper: 5, Depends: `kernel == "poly"`},
		space.Param{Name: "on", Type: space.Lgl},
	)
}

func collect(sp space.Space, n int, f func(xs rush.Values) any) *importance.Data {
	s := seeds.New(3)
	g := s.Generator()
	d := importance.New(sp, "y")
	for range n {
		xs := sp.Sample(g)
		d.Add(&rush.Task{State: rush.Finished, XS: xs, YS: rush.Values{"y": f(xs)}})
	}
	return d
}

func Example() {
	d := collect(mixed(), 200, func(xs rush.Values) any { return math.Log10(xs["rate"].(float64)) })
	r, err := d.Measure(false)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s %.1f\n", r.Params[0].Name, r.Params[0].Share)
	// Output: rate 1.0
}

// y is log10(rate), of variance 4²/12, and 3 more for one of three kernels, of
// variance 3²·2/9: the shares are 0.4 and 0.6.
func TestSharesOfAMixedSpace(t *testing.T) {
	t.Parallel()
	d := collect(mixed(), 600, func(xs rush.Values) any {
		y := math.Log10(xs["rate"].(float64))
		if xs["kernel"] == "poly" {
			y += 3
		}
		return y
	})
	r, err := d.Measure(true)
	if err != nil {
		t.Fatal(err)
	}
	if p := r.Params[0]; p.Name != "kernel" || math.Abs(p.Share-0.6) > 0.04 {
		t.Errorf("%+v, expected kernel with 0.6", p)
	}
	if p := r.Params[1]; p.Name != "rate" || math.Abs(p.Share-0.4) > 0.04 {
		t.Errorf("%+v, expected rate with 0.4", p)
	}
	if len(r.Pairs) != 6 || r.Pairs[0].Share > 0.05 {
		t.Errorf("%+v, expected six pairs without a share", r.Pairs)
	}
	if r.Fitness < 0.9 || len(r.Remarks) > 0 {
		t.Errorf("fitness %v, remarks %q", r.Fitness, r.Remarks)
	}
}

// What a task answered beside its outputs can be measured, too.
func TestAnExtraOutput(t *testing.T) {
	t.Parallel()
	d := importance.New(mixed(), "seconds")
	if g := seeds.New(5); !d.Add(&rush.Task{XS: mixed().Sample(g.Generator()), YS: rush.Values{"y": 1.0}, YSExtra: rush.Values{"seconds": 2.5}}) || d.Y[0] != 2.5 {
		t.Errorf("%+v, expected 2.5", d)
	}
}

func TestRemarks(t *testing.T) {
	t.Parallel()
	s := seeds.New(5)
	g := s.Generator()
	d := collect(mixed(), 12, func(rush.Values) any { return g.Norm() })
	d.Add(&rush.Task{XS: rush.Values{"other": 1}, YS: rush.Values{"y": 1.0}})
	d.Add(&rush.Task{XS: mixed().Sample(g), YS: rush.Values{"y": math.NaN()}})
	r, err := d.Measure(false)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"12 tasks are few for 4 parameters", "is a guess", "2 finished tasks were left out"} {
		want = strings.ReplaceAll(want, "is a guess", "are a guess")
		if !strings.Contains(strings.Join(r.Remarks, "\n"), want) {
			t.Errorf("%q lack %q", r.Remarks, want)
		}
	}
}

func TestNothingToMeasure(t *testing.T) {
	t.Parallel()
	one := func(rush.Values) any { return 1.0 }
	for want, d := range map[string]*importance.Data{
		"no space":    collect(space.Space{}, 10, one),
		"at least 4":  collect(mixed(), 2, one),
		"is 1 in all": collect(mixed(), 20, one),
	} {
		if _, err := d.Measure(false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, expected an error with %q", err, want)
		}
	}
}

// A process and the forest say the same of y = 100 + 5 log10(rate), in its own
// units: the process does it better.
func TestProcess(t *testing.T) {
	t.Parallel()
	d := collect(mixed(), 80, func(xs rush.Values) any { return 100 + 5*math.Log10(xs["rate"].(float64)) })
	p, err := d.Process()
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Measure(false)
	if err != nil {
		t.Fatal(err)
	}
	at := []float64{0.25, 0.75} // 10^-3 and 10^-1
	check := func(model dependence.Model, tolerance float64) {
		c := d.Average(50).Curve(model, 0, at)
		for i, want := range []float64{85, 95} {
			if math.Abs(c.Mean[i]-want) > tolerance {
				t.Errorf("%T expects %v, expected %v", model, c.Mean[i], want)
			}
		}
	}
	check(p, 0.1)
	check(r.Forest, 1)
}
