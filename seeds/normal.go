package seeds

import "math"

// Norm returns a standard normal number, R's rnorm(1) under normal.kind = "Inversion": the normal
// quantile of a uniform number that is made of two draws, the first for the upper 27 bits. Multiply it
// by a standard deviation and add a mean. Like R's it is +Inf with a probability of about 2^-54, when
// both draws are so near to 1 that the uniform number rounds to it.
//
// For the outer 15 % of the numbers R takes a logarithm from the C library of its platform; Norm has
// its own, which is the same everywhere and rounds correctly more often. Where the two round differently,
// the number may differ from R's in its last bits: 43 of 5 million do from R 4.2.2 on x86-64 Linux. The
// draws that follow do not.
func (g *Generator) Norm() float64 {
	const big = 1 << 27
	upper := math.Floor(big * g.Float64())
	return normalQuantile((upper + g.Float64()) / big)
}

// A rational is the quotient of two polynomials, the constant terms first.
type rational struct{ numerator, denominator [8]float64 }

// The approximations of Wichura's PPND16 (AS 241). Nothing writes to them.
var (
	central = rational{ // in 0.180625 - q², for |q| <= 0.425
		numerator: [8]float64{
			3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
			4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3,
		},
		denominator: [8]float64{
			1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
			2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3,
		},
	}
	middle = rational{ // in r - 1.6, for r <= 5
		numerator: [8]float64{
			1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
			1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
		},
		denominator: [8]float64{
			1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
			1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
		},
	}
	tail = rational{ // in r - 5, for r > 5
		numerator: [8]float64{
			6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
			2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
		},
		denominator: [8]float64{
			1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
			7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
		},
	}
)

// normalQuantile returns the number below which a standard normal one lies with probability p, for p
// in (0, 1]: Wichura's AS 241, with the operations of R's qnorm in R's order.
func normalQuantile(p float64) float64 {
	if p == 1 {
		return math.Inf(1)
	}
	q := p - 0.5
	if math.Abs(q) <= 0.425 {
		t := 0.180625 - float64(q*q)
		return float64(q*horner(&central.numerator, t)) / horner(&central.denominator, t)
	}
	nearer := p
	if q > 0 {
		nearer = 0.5 - p + 0.5
	}
	z := outerQuantile(math.Sqrt(-logarithm(nearer)))
	return math.Copysign(z, q)
}

// outerQuantile returns the absolute quantile where r = sqrt(-log(min(p, 1-p))).
func outerQuantile(r float64) float64 {
	if r <= 5 {
		return middle.at(r - 1.6)
	}
	return tail.at(r - 5)
}

func (f *rational) at(t float64) float64 {
	return horner(&f.numerator, t) / horner(&f.denominator, t)
}

// horner evaluates a polynomial. The conversion keeps compilers from fusing the product into the sum,
// which would round once where R rounds twice.
func horner(c *[8]float64, t float64) float64 {
	sum := c[7]
	for i := 6; i >= 0; i-- {
		sum = float64(sum*t) + c[i]
	}
	return sum
}
