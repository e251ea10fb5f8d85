package search

import (
	"fmt"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/cmaes"
	"github.com/rushnet/rush/loops/halving"
	"github.com/rushnet/rush/loops/localsearch"
	"github.com/rushnet/rush/loops/mbo"
	"github.com/rushnet/rush/loops/nsga2"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/parego"
	"github.com/rushnet/rush/loops/tpe"
	"github.com/rushnet/rush/seeds"
)

// optimizers are the optimizers that a search file can name as its loop, in the
// order in which people should read them.
func optimizers() []optimizer.Kind {
	return []optimizer.Kind{
		mbo.Kind(), mbo.Decentralized(),
		tpe.Kind(), cmaes.Kind(),
		localsearch.Kind(),
		nsga2.Kind(), parego.Kind(), mbo.HypervolumeKind(),
		halving.ASHA(), halving.Hyperband(), halving.BOHB(),
	}
}

// Optimizers returns the optimizers that a search file can name as its loop, in
// the order in which people should read them.
func Optimizers() []optimizer.Kind { return optimizers() }

// optimizerKind returns the optimizer of that name, nil if there is none.
func optimizerKind(name string) *optimizer.Kind {
	for _, k := range optimizers() {
		if k.Name == name {
			return &k
		}
	}
	return nil
}

// searchesSpace reports whether the loop proposes points of the space, and none
// of its own.
func (d *draft) searchesSpace() bool {
	name := d.def.Loop.Name
	return slices.Contains([]string{"", Auto, RandomSearch, GridSearch, Chain}, name) || optimizerKind(name) != nil
}

// optimizerDefaults adds what the optimizer's arguments are by default, which
// the network keeps: a newer version may have others.
func (d *draft) optimizerDefaults() {
	l := &d.def.Loop
	k := optimizerKind(l.Name)
	if k == nil {
		return
	}
	if args, err := k.Check(rush.Values(l.Args)); err == nil { // else it was told
		l.Args = Args(args)
	}
}

// checkOptimizer makes the optimizer, which says whether the search suits it.
func (d *draft) checkOptimizer() {
	name := d.def.Loop.Name
	if name != Chain && optimizerKind(name) == nil || !d.good("loop") || !d.needsSpace() || !d.good("codomain") {
		return
	}
	if !d.def.Loop.ends() {
		d.needsEnd(d.def.Loop.what())
	}
	made, err := d.def.makeOptimizer()
	if err == nil {
		_, err = made(d.def.setting())
	}
	if err != nil {
		d.wrong(d.root.get("loop"), "%s", err)
	}
}

// setting is the search as an optimizer sees it. Before the network has chosen a seed, it has any.
func (d *Definition) setting() *optimizer.Setting {
	s := &optimizer.Setting{Space: d.Space, Codomain: d.Codomain, Evals: d.Limit(), Workers: 1, Seed: seeds.New(1)}
	if d.Seed != nil {
		s.Seed = *d.Seed
	}
	return s
}

// optimizer makes the loop around an optimizer.
func (d *Definition) optimizer(p *loops.Problem) (loops.Loop, error) {
	made, err := d.makeOptimizer()
	if err != nil {
		return nil, err
	}
	return &optimizer.Loop{Problem: p, Setting: *d.setting(), Make: made, Record: d.Record, Points: d.distinct()}, nil
}

// distinct is how many points the space has if no two tasks are to have the same
// one, else 0.
func (d *Definition) distinct() float64 {
	if d.Task.Replicates > 1 {
		return 0
	}
	return optimizer.Points(d.Space)
}

// makeOptimizer returns what makes the search's optimizer. A random search is one,
// too.
func (d *Definition) makeOptimizer() (optimizer.Make, error) {
	if d.Loop.Name == Chain {
		return d.makeChain()
	}
	return makeNamed(d.Loop.Name, d.Loop.Args)
}

// makeNamed returns what makes the optimizer of that name.
func makeNamed(name string, args Args) (optimizer.Make, error) {
	if name == RandomSearch {
		return optimizer.NewRandom, nil
	}
	k := optimizerKind(name)
	if k == nil {
		return nil, fmt.Errorf("there is no loop %s%s", name, nearest.Hint(name, loopNames()))
	}
	return k.Make(rush.Values(args))
}
