package importance

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/rushnet/rush/loops/dependence"
	"github.com/rushnet/rush/loops/forest"
)

// A Result is what was found. It never changes.
type Result struct {
	Target  string
	Tasks   int // how many were learned
	Fitness float64
	Params  []Share // the largest first
	Pairs   []Pair  // the same; nil if they were not asked for
	// Remarks are sentences on what to be careful with.
	Remarks []string

	// Forest is what was learned, of coordinates in the order of the space.
	Forest *forest.Forest
}

// A Share is how much a parameter explains alone, as a part of the variance over
// the whole space: from 0 to 1.
type Share struct {
	Name  string
	Share float64
}

// A Pair is how much two parameters explain together beyond what each does alone.
type Pair struct {
	A, B  string
	Share float64
}

// enoughEach and enoughBeside are how many tasks there are for each parameter, and beside, before the
// shares are believed.
const enoughEach, enoughBeside = 5, 15

// Measure grows a forest and decomposes its variance.
//
// A parameter that is inactive tells which value another one has, and would get the
// credit of that one. So the shares are those of a forest that does not see it:
// where it is inactive it has a random value. What it does where it is active is
// then in part an interaction with the one that it depends on.
//
// Measure fails when there is
// nothing to learn: no parameter, fewer than four tasks, or equal outputs.
func (d *Data) Measure(pairs bool) (*Result, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	x, y := d.thin(most)
	f, err := d.grow(x, y)
	if err != nil {
		return nil, err
	}
	blind, err := d.grow(settled(x, generator()), y)
	if err != nil {
		return nil, err
	}
	r := &Result{Target: d.Target, Tasks: len(y), Fitness: f.Fitness(), Forest: f}
	im, names := blind.Importance(pairs), d.Space.Names()
	for i, name := range names {
		r.Params = append(r.Params, Share{name, im.Main[i]})
	}
	for i := range im.Pairs {
		for k, share := range im.Pairs[i] {
			r.Pairs = append(r.Pairs, Pair{names[i], names[i+1+k], share})
		}
	}
	slices.SortStableFunc(r.Params, func(a, b Share) int { return cmp.Compare(b.Share, a.Share) })
	slices.SortStableFunc(r.Pairs, func(a, b Pair) int { return cmp.Compare(b.Share, a.Share) })
	r.Remarks = d.remarks(r)
	return r, nil
}

func (d *Data) grow(x [][]float64, y []float64) (*forest.Forest, error) {
	return forest.Fit(d.inputs(), x, y, forest.Options{Trees: 48, Share: 0.5}, generator())
}

func (d *Data) check() error {
	if d.Space.Len() == 0 {
		return errors.New("the search has no space, so that there are no parameters to compare")
	}
	const least = 4
	if n := len(d.Y); n < least {
		return fmt.Errorf("%d finished tasks have a number as %s; at least %d are needed, and %d or more would tell something", n, d.Target, least, d.enough())
	}
	if slices.Min(d.Y) == slices.Max(d.Y) {
		return fmt.Errorf("%s is %g in all %d tasks: no parameter makes a difference", d.Target, d.Y[0], len(d.Y))
	}
	return nil
}

func (d *Data) enough() int { return enoughBeside + enoughEach*d.Space.Len() }

func (d *Data) remarks(r *Result) []string {
	const good = 0.5
	var list []string
	if len(d.Y) < d.enough() {
		list = append(list, fmt.Sprintf("%d tasks are few for %d parameters; from about %d on the shares mean something", len(d.Y), d.Space.Len(), d.enough()))
	}
	if !(r.Fitness >= good) && !math.IsNaN(r.Fitness) {
		list = append(list, "the forest does not know the outputs well, so the shares are a guess: noise, too few tasks, or an output of which a few values are very large")
	}
	if r.Tasks < len(d.Y) {
		list = append(list, fmt.Sprintf("%d of %d tasks were looked at, evenly spread", r.Tasks, len(d.Y)))
	}
	if d.Left > 0 {
		list = append(list, fmt.Sprintf("%d finished tasks were left out: they do not lie in the space, or have no finite number as %s", d.Left, d.Target))
	}
	return list
}

// Average returns what dependence is averaged over, of n places.
func (d *Data) Average(n int) *dependence.Average {
	return dependence.New(d.Space, n, generator())
}
