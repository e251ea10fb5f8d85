package space

import (
	"hash/fnv"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// ulps returns how many floats lie between two of the same sign.
func ulps(a, b float64) int64 {
	d := int64(math.Float64bits(a)) - int64(math.Float64bits(b))
	return max(d, -d)
}

func TestLogarithmAndExponentialAreThoseOfMath(t *testing.T) {
	t.Parallel()
	positive := rapid.Custom(func(t *rapid.T) float64 {
		// Beyond these ranges it is math that errs on amd64.
		return math.Ldexp(rapid.Float64Range(1, 2).Draw(t, "fraction"), rapid.IntRange(-1022, 1022).Draw(t, "exponent"))
	})
	rapid.Check(t, func(t *rapid.T) {
		x := positive.Draw(t, "x")
		if got, want := logarithm(x), math.Log(x); ulps(got, want) > 2 {
			t.Fatalf("logarithm(%v) = %v, want %v", x, got, want)
		}
		y := rapid.Float64Range(-708, 709).Draw(t, "y")
		if got, want := exponential(y), math.Exp(y); ulps(got, want) > 2 {
			t.Fatalf("exponential(%v) = %v, want %v", y, got, want)
		}
	})
}

func TestSpecialLogarithmsAndExponentials(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ got, want float64 }{
		{logarithm(1), 0},
		{logarithm(2), math.Ln2},
		{logarithm(10), math.Ln10},
		{logarithm(math.MaxFloat64), 709.782712893384},
		{logarithm(math.SmallestNonzeroFloat64), -744.4400719213812},
		{exponential(0), 1},
		{exponential(1), math.E},
		{exponential(709.782712893384), 1.797693134862273e+308},
		{exponential(709.79), math.Inf(1)},
		{exponential(1e300), math.Inf(1)},
		{exponential(-744.4400719213812), math.SmallestNonzeroFloat64},
		{exponential(-746), 0},
		{exponential(-1e300), 0},
	} {
		if tc.got != tc.want && ulps(tc.got, tc.want) > 1 {
			t.Errorf("got %v, want %v", tc.got, tc.want)
		}
	}
}

// The bits of 20,000 values are the same on every machine.
func TestTheBitsAreTheSameEverywhere(t *testing.T) {
	t.Parallel()
	h := fnv.New64a()
	add := func(x float64) {
		var b [8]byte
		for i, bits := range b {
			b[i] = bits | byte(math.Float64bits(x)>>(8*i))
		}
		h.Write(b[:])
	}
	for i := range 10_000 {
		add(logarithm(1e-7 * float64(i*i+1)))
		add(exponential(float64(i-5000) / 71))
	}
	const want = 0xd95865975df68659
	if got := h.Sum64(); got != want {
		t.Errorf("the bits have the hash %#x, want %#x", got, uint64(want))
	}
}
