package search

import (
	"fmt"
	"slices"

	"github.com/rushnet/rush/loops/cmaes"
	"github.com/rushnet/rush/loops/halving"
	"github.com/rushnet/rush/loops/mbo"
	"github.com/rushnet/rush/loops/nsga2"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/parego"
	"github.com/rushnet/rush/loops/tpe"
)

// Auto is the loop of a search that has a space and names no loop: one of the
// others, which it picks by what the search is. The definition keeps which, and
// why, so that a resume or another version goes on with it.
const Auto = "auto"

// Where a Gaussian process is not the best choice any more.
const (
	manyEvals  = 2000 // it would see but a part of so many
	manyParams = 40   // and learn little of so many
)

// A choice is a loop that auto could pick, and why.
type choice struct{ name, why string }

// pick sets the loop to the first choice that suits the search.
func (d *Definition) pick() {
	for _, c := range d.choices() {
		k := optimizerKind(c.name)
		if k == nil {
			d.Loop = Loop{Name: c.name, Auto: c.why}
			return
		}
		args, err := k.Check(nil)
		if err != nil {
			continue // an argument is needed
		}
		made, err := k.Make(args)
		if err == nil {
			_, err = made(d.setting())
		}
		if err == nil {
			d.Loop = Loop{Name: k.Name, Args: Args(args), Auto: c.why}
			return
		}
	}
}

// choices lists what suits the search, the best first. The last suits every one.
func (d *Definition) choices() []choice {
	evals, targets := d.Limit(), len(d.Codomain.Objectives())
	p, hasFidelity := d.Space.Fidelity()
	anyway := choice{RandomSearch, "no optimizer suits the search"}
	switch {
	case targets == 0:
		return []choice{{RandomSearch, "the codomain does not say of any output whether less or more of it is better"}}
	case d.Task.Replicates > 1:
		return []choice{{RandomSearch, fmt.Sprintf("every point is evaluated %d times", d.Task.Replicates)}}
	case targets > 1 && evals <= manyEvals/2:
		few := fmt.Sprintf("there are %d objectives, and not many evaluations", targets)
		list := []choice{{named(parego.Kind()), few}, {named(nsga2.Kind()), fmt.Sprintf("there are %d objectives", targets)}, anyway}
		if targets == 2 && !d.Terminate.asksGain() { // ehvi does not say what it expects to gain
			list = slices.Insert(list, 0, choice{named(mbo.HypervolumeKind()), few})
		}
		return list
	case targets > 1:
		return []choice{{named(nsga2.Kind()), fmt.Sprintf("there are %d objectives, and many evaluations", targets)}, anyway}
	case hasFidelity:
		return []choice{{named(halving.BOHB()), p.Name + " is a fidelity parameter: most points are tried with little of it"}, anyway}
	case evals > manyEvals:
		why := fmt.Sprintf("there are more than %d evaluations", manyEvals)
		return []choice{{named(cmaes.Kind()), why + " of numbers"}, {named(tpe.Kind()), why}, anyway}
	case d.Space.Len() > manyParams:
		return []choice{{named(tpe.Kind()), fmt.Sprintf("there are more than %d parameters", manyParams)}, anyway}
	}
	return []choice{
		{named(mbo.Kind()), "it learns most from few evaluations"},
		{named(tpe.Kind()), "it takes spaces of any kind"}, anyway,
	}
}

func named(k optimizer.Kind) string { return k.Name }

// resolveAuto picks the loop, if it is to be picked and all that counts is known.
func (d *draft) resolveAuto() {
	l := &d.def.Loop
	switch {
	case l.Name != Auto && (d.has("loop") || d.def.Space.Len() == 0):
		return
	case !d.good("space", "codomain", "terminate", "task", "loop", "seed") || d.def.Space.Len() == 0:
		l.Name = Auto // what is wrong is told
	default:
		d.def.pick()
	}
}

// keepLoop goes on with the loop that was picked when the search began.
func (d *Definition) keepLoop(old *Definition) {
	if d.Loop.Auto != "" && old.Loop.Auto != "" {
		d.Loop = old.Loop
	}
}

// Picked returns the loop that [Auto] picks for a search as an optimizer sees it,
// with its default arguments and why, and what makes its optimizer.
func Picked(s *optimizer.Setting) (Loop, optimizer.Make, error) {
	d := &Definition{Space: s.Space, Codomain: s.Codomain, Seed: &s.Seed, Terminate: Terminate{Evals: s.Evals}}
	d.pick()
	made, err := d.makeOptimizer()
	return d.Loop, made, err
}
