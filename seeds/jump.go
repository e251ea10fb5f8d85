package seeds

import (
	"fmt"
	"math/bits"
)

// The steps between two streams and between two substreams are powers of two (L'Ecuyer et al. 2002).
// A jump by n steps multiplies the state of a component by the n-th power of its 3x3 matrix A. By the
// theorem of Cayley and Hamilton that power is c0 + c1·A + c2·A², where c0 + c1·x + c2·x² is x^n modulo
// the characteristic polynomial of A: three numbers do the work of nine, and powers of jumps are
// products of polynomials (Haramoto et al. 2008).
//
//	At, Next, Sub, NextSub
//	  jump            both components, n times the step
//	    power         the n-th power of a step, by squaring: log2(n) products
//	      product     of two polynomials
//	    move          the state that a polynomial leads to

// A polynomial is c0 + c1·x + c2·x² with residues as coefficients, c0 first.
type polynomial [3]uint64

// A step is x^n modulo the characteristic polynomials of the first and the second component.
type step struct{ first, second polynomial }

// toStream is x^(2^127), toSubstream is x^(2^76): the first rows of the matrices A1p127, A2p127, A1p76
// and A2p76 of L'Ecuyer et al. (2002). Nothing writes to them.
var (
	toStream = step{
		first:  polynomial{2427906178, 3580155704, 949770784},
		second: polynomial{1464411153, 277697599, 1610723613},
	}
	toSubstream = step{
		first:  polynomial{82758667, 1871391091, 4127413238},
		second: polynomial{1511326704, 3759209742, 1610795712},
	}
)

// Next returns the stream after s, 2^127 steps further: R's parallel::nextRNGStream(s).
func (s Stream) Next() Stream { return s.jump(&toStream, 1) }

// NextSub returns the substream after s, 2^76 steps further: R's parallel::nextRNGSubStream(s).
// A stream holds 2^51 substreams before the next stream begins.
func (s Stream) NextSub() Stream { return s.jump(&toSubstream, 1) }

// At returns the i-th stream after s, counted from 0: At(0) is s.Next() and At(i) is Next applied
// i+1 times, so s itself is not among them. The time is logarithmic in i: some 2 µs for a million.
// At panics if i is negative.
func (s Stream) At(i int64) Stream {
	if i < 0 {
		panic(fmt.Sprintf("seeds: At(%d): the index of a stream must not be negative", i))
	}
	return s.jump(&toStream, uint64(i)+1)
}

// Sub returns the k-th substream of s: Sub(0) is s itself and Sub(k) is NextSub applied k times.
// The time is logarithmic in k. Sub panics if k is negative.
func (s Stream) Sub(k int64) Stream {
	if k < 0 {
		panic(fmt.Sprintf("seeds: Sub(%d): the index of a substream must not be negative", k))
	}
	return s.jump(&toSubstream, uint64(k))
}

// jump applies a step to s n times.
func (s Stream) jump(one *step, n uint64) Stream {
	w := s.words()
	x := first.move(first.power(one.first, n), [3]uint64(w[:3]))
	y := second.move(second.power(one.second, n), [3]uint64(w[3:]))
	return fromWords([6]uint64{x[0], x[1], x[2], y[0], y[1], y[2]})
}

// power returns p^n modulo the characteristic polynomial.
func (r *recurrence) power(p polynomial, n uint64) polynomial {
	if n == 0 {
		return polynomial{1}
	}
	result := p
	for i := bits.Len64(n) - 2; i >= 0; i-- {
		result = r.product(&result, &result)
		if n>>i&1 == 1 {
			result = r.product(&result, &p)
		}
	}
	return result
}

// product returns a·b modulo the characteristic polynomial, that is with
// x³ = lag1·x² + lag2·x + lag3. The sums of folded products are reduced before they are factors.
func (r *recurrence) product(a, b *polynomial) polynomial {
	c0 := r.times(a[0], b[0])
	c1 := r.times(a[0], b[1]) + r.times(a[1], b[0])
	c2 := r.times(a[0], b[2]) + r.times(a[1], b[1]) + r.times(a[2], b[0])
	c3 := r.times(a[1], b[2]) + r.times(a[2], b[1])
	c4 := r.reduce(a[2] * b[2])

	c3 = r.reduce(c3 + r.times(c4, r.lag1))
	c2 += r.times(c4, r.lag2) + r.times(c3, r.lag1)
	c1 += r.times(c4, r.lag3) + r.times(c3, r.lag2)
	c0 += r.times(c3, r.lag3)
	return polynomial{r.reduce(c0), r.reduce(c1), r.reduce(c2)}
}

// move returns the state to which p leads from s. Each of its values is c0·v[n] + c1·v[n+1] +
// c2·v[n+2] of the sequence v that begins with s.
func (r *recurrence) move(p polynomial, s [3]uint64) [3]uint64 {
	v := [5]uint64{s[0], s[1], s[2]}
	v[3] = r.after(v[0], v[1], v[2])
	v[4] = r.after(v[1], v[2], v[3])
	for n := range s {
		s[n] = r.reduce(r.times(p[0], v[n]) + r.times(p[1], v[n+1]) + r.times(p[2], v[n+2]))
	}
	return s
}
