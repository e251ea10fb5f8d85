package seeds

// The two components of MRG32k3a (L'Ecuyer 1999, table I), whose states x and y each hold the last
// three values, the oldest first:
//
//	x[n] =   a12·x[n-2] - a13n·x[n-3]   mod m1
//	y[n] =   a21·y[n-1] - a23n·y[n-3]   mod m2
//	z[n] =   x[n] - y[n]                mod m1, with m1 in the place of 0
const (
	m1   = 1<<32 - gap1
	m2   = 1<<32 - gap2
	gap1 = 209
	gap2 = 22853

	a12  = 1403580
	a13n = 810728
	a21  = 527612
	a23n = 1370589
)

// A recurrence is s[n] = lag1·s[n-1] + lag2·s[n-2] + lag3·s[n-3] mod modulus, with coefficients that
// are all residues. The modulus is 2^32 - gap with a small gap, so it is reduced by without dividing.
type recurrence struct {
	modulus, gap     uint64
	lag1, lag2, lag3 uint64
}

// first and second are constants: nothing writes to them.
var (
	first  = recurrence{modulus: m1, gap: gap1, lag2: a12, lag3: m1 - a13n}
	second = recurrence{modulus: m2, gap: gap2, lag1: a21, lag3: m2 - a23n}
)

// fold returns a number below 2^47 that is x mod r.modulus or more by a multiple of the modulus: since
// 2^32 = gap (mod modulus), the upper half of x moves into the lower one.
func (r *recurrence) fold(x uint64) uint64 { return x>>32*r.gap + x&(1<<32-1) }

// reduce returns x mod r.modulus. The second fold leaves less than twice the modulus.
func (r *recurrence) reduce(x uint64) uint64 {
	x = r.fold(r.fold(x))
	if x >= r.modulus {
		x -= r.modulus
	}
	return x
}

// times returns a·b for a and b below 2^32, folded: many such products may be summed before the sum is
// reduced.
func (r *recurrence) times(a, b uint64) uint64 { return r.fold(a * b) }

// after returns the value that follows s0, s1, s2.
func (r *recurrence) after(s0, s1, s2 uint64) uint64 {
	return r.reduce(r.times(r.lag1, s2) + r.times(r.lag2, s1) + r.times(r.lag3, s0))
}
