package search

import (
	"fmt"
	"strings"

	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/chain"
	"github.com/rushnet/rush/loops/optimizer"
)

// Chain is a loop that is several, one after another.
const Chain = "chain"

// A Part is one of the loops of a chain: a random search or an optimizer.
type Part struct {
	Name  string `json:"name"`
	Evals int64  `json:"evals,omitempty"` // tasks that it proposes; 0 is all that are left
	Args  Args   `json:"args,omitempty"`
	// Terminate ends it, too; nil does not.
	Terminate *Terminate `json:"terminate,omitempty"`
}

// evals is how many tasks it proposes; 0 is all that are left.
func (p *Part) evals() int64 {
	if p.Terminate == nil {
		return p.Evals
	}
	n := p.Terminate.limit()
	if p.Evals > 0 && (n == 0 || p.Evals < n) {
		n = p.Evals
	}
	return n
}

// chainDeclaration describes it to people.
func chainDeclaration() loops.Declaration {
	return loops.Declaration{
		Name: Chain, Help: "Several loops one after another, by the numbers of tasks.",
		Arguments: []loops.Argument{{
			Name: Chain, Type: loops.List, Required: true,
			Help: "the loops, with evals or terminate for all but the last, as in {chain: [{name: random_search, evals: 20}, {name: tpe}]}",
		}},
	}
}

// loopChain reads {chain: [{name: random_search, evals: 20}, tpe]}.
func (d *draft) loopChain(n *node) {
	var parts []Part
	d.fields(n, "{chain: [{name: random_search, evals: 20}, {name: tpe}]}",
		entry{"name", func(n *node) {
			if n.value != Chain {
				d.wrong(n, "expected no name beside chain, found %s", n.found())
			}
		}},
		entry{Chain, func(n *node) {
			if n.kind != list || len(n.items) == 0 {
				d.wrong(n, "expected a list of loops such as [{name: random_search, evals: 20}, {name: tpe}], found %s", n.found())
				return
			}
			for i, item := range n.items {
				parts = append(parts, d.part(item, i == len(n.items)-1))
			}
		}},
	)
	d.def.Loop = Loop{Name: Chain, Chain: parts}
}

// part reads one of the loops, as any loop is read but for evals.
func (d *draft) part(n *node, last bool) Part {
	var p Part
	rest := *n
	rest.fields = nil
	for _, f := range n.fields {
		switch f.name {
		case "evals":
			p.Evals, _ = d.integer(f.value, 1)
		case "terminate":
			p.Terminate = d.partTerminate(f.value)
		default:
			rest.fields = append(rest.fields, f)
		}
	}
	d.def.Loop = Loop{}
	if n.kind == mapping {
		d.builtinLoop(&rest)
	} else {
		d.loop(&rest)
	}
	p.Name, p.Args = d.def.Loop.Name, d.def.Loop.Args
	switch {
	case declaredLoop(p.Name) == nil: // it was told
	case p.Name != RandomSearch && optimizerKind(p.Name) == nil:
		d.wrong(n, "%s cannot be a part of a chain; expected random_search or an optimizer: %s", p.Name, orList(optimizerNames()))
	case !last && n.get("evals") == nil && n.get("terminate") == nil:
		d.wrong(n, "evals is missing: after how many tasks the next loop begins, as in {name: %s, evals: 20}; or terminate, as in {name: %s, terminate: {stagnation: {iters: 20}}}", p.Name, p.Name)
	}
	return p
}

// partTerminate reads the terminators of a part.
func (d *draft) partTerminate(n *node) *Terminate {
	t := new(Terminate)
	switch {
	case n.kind != mapping:
		d.wrong(n, "expected a map such as {evals: 20, run_time: 10m}, found %s", n.found())
	case len(n.fields) == 0:
		d.wrong(n, "it is empty; expected a terminator such as {evals: 20}")
	default:
		d.terminators(n, t)
	}
	return t
}

// checkParts checks the terminators of the parts of a chain.
func (d *draft) checkParts() {
	parts := d.root.get("loop").get(Chain)
	if parts == nil || !d.good("loop", "codomain") {
		return
	}
	for i, n := range parts.items {
		if t := n.get("terminate"); t != nil {
			d.checkTerminators(t, &Loop{Name: d.def.Loop.Chain[i].Name})
		}
	}
}

func optimizerNames() []string {
	var names []string
	for _, k := range optimizers() {
		names = append(names, k.Name)
	}
	return names
}

// ends reports whether it is a chain that has proposed all that it will, some time.
func (l *Loop) ends() bool {
	if len(l.Chain) == 0 {
		return false
	}
	last := l.Chain[len(l.Chain)-1]
	return last.Evals > 0 || last.Terminate != nil
}

// evals is how many tasks a chain proposes at most; 0 is no limit.
func (l *Loop) evals() int64 {
	n := int64(0)
	for _, p := range l.Chain {
		if p.evals() == 0 {
			return 0
		}
		n += p.evals()
	}
	return n
}

// makeChain returns what makes the optimizer that is a chain.
func (d *Definition) makeChain() (optimizer.Make, error) {
	made := make([]chain.Part, len(d.Loop.Chain))
	for i, p := range d.Loop.Chain {
		one, err := makeNamed(p.Name, p.Args)
		if err != nil {
			return nil, err
		}
		made[i] = chain.Part{Name: p.Name, Make: one, Evals: p.evals()}
		if p.Terminate != nil {
			others := *p.Terminate
			others.Evals = 0
			made[i].Terminators = d.made(&others)
		}
	}
	return chain.Make(made...)
}

// Steps says in a line for each part of a chain when it ends; nil of another loop.
func (l *Loop) Steps() []string {
	var lines []string
	for _, p := range l.Chain {
		p.Args = nil
		lines = append(lines, showChain([]Part{p}))
	}
	return lines
}

// showChain is the chain for people.
func showChain(parts []Part) string {
	said := make([]string, len(parts))
	for i, p := range parts {
		said[i] = p.Name
		if p.Evals > 0 {
			said[i] += fmt.Sprintf(" for %d evals", p.Evals)
		}
		if p.Terminate != nil {
			said[i] += " until " + show(p.Terminate)
		}
		if len(p.Args) > 0 {
			said[i] += " with " + showValue(map[string]any(p.Args))
		}
	}
	return strings.Join(said, ", then ")
}
