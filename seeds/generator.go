package seeds

import "math"

// A Generator draws from a stream, as R does with that .Random.seed. It is made with
// [Stream.Generator]; its zero value is not usable. It is for one goroutine at a time: give each
// goroutine a stream of its own.
//
// It is also a source for math/rand/v2 and golang.org/x/exp/rand; see [Generator.Uint64].
type Generator struct {
	x, y [3]uint64 // the states of the first and second component, oldest first
}

// Generator returns a generator that begins at s. It panics if s is not a stream (see [Stream.Check]),
// which only a Stream filled in by hand can be.
func (s Stream) Generator() *Generator {
	if err := s.Check(); err != nil {
		panic("seeds: " + err.Error())
	}
	g := new(Generator)
	g.restart(s)
	return g
}

// Stream returns the position of g: a generator made from it draws what g is about to draw.
func (g *Generator) Stream() Stream {
	return fromWords([6]uint64{g.x[0], g.x[1], g.x[2], g.y[0], g.y[1], g.y[2]})
}

// Float64 returns a uniform number in the open interval (0, 1), R's runif(1): a multiple of
// 1/(2^32-208). It is neither 0 nor 1, and has 32 random bits, not 53.
func (g *Generator) Float64() float64 {
	const unit = 2.328306549295727688e-10    // 1/(m1+1)
	return float64(float64(g.next()) * unit) // rounded here, or a caller's sum might fuse with the product
}

// Runif returns a uniform number in the open interval (lower, upper), R's runif(1, lower, upper). As
// in R it is lower, without a draw, if the bounds are equal, and NaN, without a draw, if upper is less
// than lower or a bound is not finite. Rounding may return a bound of a very narrow interval.
func (g *Generator) Runif(lower, upper float64) float64 {
	switch {
	case math.IsNaN(lower-lower) || math.IsNaN(upper-upper) || upper < lower:
		return math.NaN()
	case lower == upper:
		return lower
	}
	return lower + float64((upper-lower)*g.Float64())
}

// restart puts g at the position s.
func (g *Generator) restart(s Stream) {
	w := s.words()
	g.x, g.y = [3]uint64(w[:3]), [3]uint64(w[3:])
}

// next advances by one step and returns the output, which is uniform over 1, ..., m1.
func (g *Generator) next() uint64 {
	x := (a12*g.x[1] + a13n*(m1-g.x[0])) % m1
	g.x[0], g.x[1], g.x[2] = g.x[1], g.x[2], x

	y := (a21*g.y[2] + a23n*(m2-g.y[0])) % m2
	g.y[0], g.y[1], g.y[2] = g.y[1], g.y[2], y

	if x > y {
		return x - y
	}
	return x + m1 - y
}
