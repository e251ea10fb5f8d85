package optimizer

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

// A Point is a task as optimizers see it.
type Point struct {
	Key   rush.TaskKey
	State rush.State // rush.Finished or rush.Failed; rush.Running of a pending one, queued or not

	XS rush.Values
	// U is the place in the unit cube, a coordinate for each parameter in the
	// order of the space, NaN for one that is inactive; see [space.Space.ToUnit]. Nil if the point is not in the
	// space, as those can be that a person pushed.
	U []float64
	// Y are the objectives of a finished point in the order of the codomain
	// ([loops.Codomain.Objectives]), each so that less is better: what is to be
	// maximized has the other sign.
	Y []float64
	// Violation is by how much a finished point violates each constraint on
	// outputs, in the order of the codomain: all zeros if it is feasible, nil if
	// there are none.
	Violation []float64
	// Constraints are the outputs of a finished point that are constraints, in the
	// order of the codomain: at most 0 where it keeps to them, by how far; +Inf
	// where one is missing; nil if there are none.
	Constraints []float64

	// Stopped says that the evaluation was stopped early. It is only known in a
	// space with a fidelity parameter.
	Stopped bool

	Extra   rush.Values // the task's xs_extra; see [Proposal]
	Seconds float64     // what the evaluation took
	// When the task began, with proposing its point, and when it ended; zero if that
	// is not known.
	Started, Finished time.Time
}

// Usable reports whether the point can be learned from: it lies in the space,
// and has finished.
func (p *Point) Usable() bool { return p.U != nil && p.Y != nil }

// point makes a point of a task.
func (s *Setting) point(t *rush.Task) *Point {
	p := &Point{Key: t.Key, State: t.State, XS: t.XS, Extra: t.XSExtra, Seconds: t.Spent.Evaluating.Seconds(), Finished: t.Finished}
	if !t.Started.IsZero() {
		p.Started = t.Started.Add(-t.Spent.Proposing)
	}
	if u, err := s.Space.ToUnit(t.XS); err == nil {
		p.U = u
	}
	if t.State == rush.Finished {
		p.Y = targets(s.Codomain.Objectives(), t.YS)
		p.Violation, p.Constraints = s.Codomain.Violations(t.YS), s.Codomain.Constraints(t.YS)
		_, p.Stopped = t.YSExtra[loops.StoppedAt]
	}
	return p
}

// Task returns the task of a point, as far as a point has it: without outputs that are
// only recorded, and with the violation of a constraint as the output.
func (s *Setting) Task(p *Point) *rush.Task {
	t := &rush.Task{Key: p.Key, State: p.State, XS: p.XS, XSExtra: p.Extra, Started: p.Started, Finished: p.Finished}
	if p.State != rush.Finished {
		return t
	}
	t.YS = make(rush.Values)
	if p.Y != nil {
		for i, o := range s.Codomain.Objectives() {
			t.YS[o.Name] = p.Y[i]
			if o.Goal == loops.Maximize {
				t.YS[o.Name] = -p.Y[i]
			}
		}
	}
	violations := p.Violation
	for _, o := range s.Codomain {
		if o.Goal == loops.Constraint && len(violations) > 0 {
			t.YS[o.Name], violations = violations[0], violations[1:]
		}
	}
	return t
}

// pending makes a point of a task that has not ended, or had not.
func (s *Setting) pending(t *rush.Task) *Point {
	return s.point(&rush.Task{Key: t.Key, State: rush.Running, XS: t.XS, XSExtra: t.XSExtra})
}

// targets returns the outputs that are wanted small or large, less being better;
// nil if one is missing.
func targets(c loops.Codomain, ys rush.Values) []float64 {
	y := make([]float64, len(c))
	for i, t := range c {
		v, ok := ys[t.Name].(float64)
		if !ok {
			return nil
		}
		if y[i] = v; t.Goal == loops.Maximize {
			y[i] = -v
		}
	}
	return y
}

func sortedByKey(points []*Point) []*Point {
	slices.SortFunc(points, func(a, b *Point) int { return cmp.Compare(a.Key, b.Key) })
	return points
}

// Signature is a text for a place in the unit cube, the same for the same place and
// for no other; what is inactive is NaN.
func Signature(u []float64) string {
	b := make([]byte, 0, 8*len(u))
	for _, x := range u {
		if math.IsNaN(x) {
			x = -1 // NaN has many forms
		}
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(x))
	}
	return string(b)
}
