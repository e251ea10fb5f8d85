package descent

import "math"

// A search is a minimization at work.
type search struct {
	f Function
	o Options

	x, gradient []float64 // the best place so far
	value       float64
	evaluations int
	next, there []float64 // a place that is tried, and its gradient
	free        []bool    // the variables that no bound holds back
	direction   []float64
	pairs       []pair // the last steps, the newest last
}

// A pair is a step and how the gradient changed over it.
type pair struct {
	s, y []float64
	rho  float64 // 1 / (s'y)
}

func (s *search) begin(x []float64) {
	n := len(x)
	s.x = append(make([]float64, 0, n), x...)
	s.o.project(s.x)
	s.gradient, s.next, s.there = make([]float64, n), make([]float64, n), make([]float64, n)
	s.direction, s.free = make([]float64, n), make([]bool, n)
	s.value = s.evaluate(s.x, s.gradient)
}

func (s *search) evaluate(x, gradient []float64) float64 {
	s.evaluations++
	v := s.f(x, gradient)
	for _, g := range gradient {
		if math.IsNaN(g) || math.IsInf(g, 0) {
			return math.Inf(1)
		}
	}
	if math.IsNaN(v) {
		return math.Inf(1)
	}
	return v
}

// step goes one step, and reports whether to go on.
func (s *search) step() bool {
	if math.IsInf(s.value, 0) || !s.release() {
		return false
	}
	slope := s.aim()
	if slope >= 0 { // the curvature misleads: forget it
		s.pairs = s.pairs[:0]
		slope = s.aim()
	}
	before := s.value
	if !s.line(slope) {
		if len(s.pairs) == 0 {
			return false
		}
		s.pairs = s.pairs[:0]
		return true
	}
	return before-s.value > s.o.Decrease*(1+math.Abs(s.value))
}

// release finds the free variables, and reports whether there is anything to
// gain in them.
func (s *search) release() bool {
	largest := 0.0
	for i, g := range s.gradient {
		s.free[i] = !s.o.held(i, s.x[i], g)
		if s.free[i] {
			largest = math.Max(largest, math.Abs(g))
		}
	}
	return largest > s.o.Gradient
}

// aim sets the direction by the two-loop recursion, and returns the slope along
// it.
func (s *search) aim() float64 {
	d := s.direction
	for i, g := range s.gradient {
		d[i] = 0
		if s.free[i] {
			d[i] = -g
		}
	}
	a := make([]float64, len(s.pairs))
	for k := len(s.pairs) - 1; k >= 0; k-- {
		p := &s.pairs[k]
		a[k] = p.rho * s.dot(p.s, d)
		s.add(-a[k], p.y)
	}
	s.scale()
	for k := range s.pairs {
		p := &s.pairs[k]
		s.add(a[k]-p.rho*s.dot(p.y, d), p.s)
	}
	return s.dot(s.gradient, d)
}

// scale scales the direction by the last step's curvature; without one to the
// longest first step.
func (s *search) scale() {
	d, factor := s.direction, 1.0
	if n := len(s.pairs); n > 0 {
		p := &s.pairs[n-1]
		if yy := s.dot(p.y, p.y); yy > 0 {
			factor = 1 / (p.rho * yy)
		}
	} else if length := math.Sqrt(s.dot(d, d)); length > s.o.Step {
		factor = s.o.Step / length
	}
	for i := range d {
		d[i] *= factor
	}
}

// dot is the product over the free variables.
func (s *search) dot(a, b []float64) float64 {
	sum := 0.0
	for i, free := range s.free {
		if free {
			sum += a[i] * b[i]
		}
	}
	return sum
}

// add adds a multiple to the direction's free variables.
func (s *search) add(a float64, b []float64) {
	for i, free := range s.free {
		if free {
			s.direction[i] += a * b[i]
		}
	}
}

// line goes along the direction until the value is less by enough, and reports
// whether that was found.
func (s *search) line(slope float64) bool {
	const enough, tries = 1e-4, 20
	t := 1.0
	for range tries {
		if s.evaluations >= s.o.Evaluations {
			return false
		}
		gain := 0.0 // of the linear model, over the projected step
		for i := range s.x {
			s.next[i] = s.x[i] + t*s.direction[i]
		}
		s.o.project(s.next)
		for i := range s.x {
			gain += s.gradient[i] * (s.next[i] - s.x[i])
		}
		v := s.evaluate(s.next, s.there)
		if v <= s.value+enough*math.Min(gain, 0) && v < s.value {
			s.accept(v)
			return true
		}
		t = shorter(t, slope, v-s.value)
	}
	return false
}

// shorter returns the next length to try: the minimum of the parabola through
// what is known, within reason.
func shorter(t, slope, rise float64) float64 {
	next := 0.25 * t
	if !math.IsInf(rise, 0) {
		if p := -slope * t * t / (2 * (rise - slope*t)); p > 0 {
			next = p
		}
	}
	return math.Min(math.Max(next, 0.1*t), 0.5*t)
}

// accept moves to what was tried, and remembers the curvature on the way.
func (s *search) accept(v float64) {
	p := pair{s: make([]float64, len(s.x)), y: make([]float64, len(s.x))}
	sy, ss, yy := 0.0, 0.0, 0.0
	for i := range s.x {
		p.s[i], p.y[i] = s.next[i]-s.x[i], s.there[i]-s.gradient[i]
		sy, ss, yy = sy+p.s[i]*p.y[i], ss+p.s[i]*p.s[i], yy+p.y[i]*p.y[i]
	}
	if sy > 1e-10*math.Sqrt(ss*yy) {
		p.rho = 1 / sy
		if len(s.pairs) == memory {
			s.pairs = append(s.pairs[:0], s.pairs[1:]...)
		}
		s.pairs = append(s.pairs, p)
	}
	s.x, s.next, s.gradient, s.there, s.value = s.next, s.x, s.there, s.gradient, v
}
