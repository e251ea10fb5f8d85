package seeds_test

import (
	"math/big"
	"testing"

	"github.com/rushnet/rush/seeds"
	"pgregory.net/rapid"
)

// This file holds the generator to its definition in unbounded integers: the two recurrences as
// matrices (L'Ecuyer 1999), and jumps as powers of them.

var (
	modulus1, modulus2 = big.NewInt(4294967087), big.NewInt(4294944443)
	matrix1            = newMatrix([3]int64{-810728, 1403580, 0})
	matrix2            = newMatrix([3]int64{-1370589, 0, 527612})
)

type (
	vector [3]*big.Int
	matrix [3]vector
)

// newMatrix returns the matrix that moves a state by one step, with the recurrence in its last row.
func newMatrix(last [3]int64) matrix {
	row := func(a, b, c int64) vector { return vector{big.NewInt(a), big.NewInt(b), big.NewInt(c)} }
	return matrix{row(0, 1, 0), row(0, 0, 1), row(last[0], last[1], last[2])}
}

func (a matrix) apply(v vector, modulus *big.Int) vector {
	var out vector
	for i := range out {
		out[i] = new(big.Int)
		for j := range v {
			out[i].Add(out[i], new(big.Int).Mul(a[i][j], v[j]))
		}
		out[i].Mod(out[i], modulus)
	}
	return out
}

func (a matrix) times(b matrix, modulus *big.Int) matrix {
	var out matrix
	for j := range b {
		column := a.apply(vector{b[0][j], b[1][j], b[2][j]}, modulus)
		for i := range column {
			out[i][j] = column[i]
		}
	}
	return out
}

func (a matrix) power(n, modulus *big.Int) matrix {
	out := identity()
	for i := n.BitLen() - 1; i >= 0; i-- {
		out = out.times(out, modulus)
		if n.Bit(i) == 1 {
			out = out.times(a, modulus)
		}
	}
	return out
}

func identity() matrix {
	var out matrix
	for i := range out {
		for j := range out[i] {
			out[i][j] = big.NewInt(0)
		}
		out[i][i] = big.NewInt(1)
	}
	return out
}

// components returns the states of the first and the second component of s.
func components(s seeds.Stream) (x, y vector) {
	for i := range 3 {
		x[i] = big.NewInt(int64(uint32(s[i+1])))
		y[i] = big.NewInt(int64(uint32(s[i+4])))
	}
	return x, y
}

func streamOf(x, y vector) seeds.Stream {
	s := seeds.Stream{10407}
	for i := range 3 {
		s[i+1] = int32(uint32(x[i].Uint64()))
		s[i+4] = int32(uint32(y[i].Uint64()))
	}
	return s
}

// steps returns s after n steps of the generator.
func steps(s seeds.Stream, n *big.Int) seeds.Stream {
	x, y := components(s)
	return streamOf(
		matrix1.power(n, modulus1).apply(x, modulus1),
		matrix2.power(n, modulus2).apply(y, modulus2))
}

// anyStream generates streams, with words near 0 and near the moduli more often than by chance.
func anyStream() *rapid.Generator[seeds.Stream] {
	return rapid.Custom(func(t *rapid.T) seeds.Stream {
		word := func(modulus *big.Int) int64 {
			top := modulus.Int64() - 1
			return rapid.OneOf(rapid.Int64Range(0, top), rapid.Just(top), rapid.Just[int64](0)).Draw(t, "word")
		}
		var x, y vector
		for i := range 3 {
			x[i], y[i] = big.NewInt(word(modulus1)), big.NewInt(word(modulus2))
		}
		s := streamOf(x, y)
		if s.Check() != nil {
			t.Skip("a component of zeros")
		}
		return s
	})
}

func TestTheGeneratorFollowsItsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anyStream().Draw(t, "stream")
		g := s.Generator()
		x, y := components(s)
		for range 20 {
			x, y = matrix1.apply(x, modulus1), matrix2.apply(y, modulus2)
			z := new(big.Int).Sub(x[2], y[2])
			if z.Sign() <= 0 {
				z.Add(z, modulus1)
			}
			if got, want := g.Float64(), float64(z.Uint64())*2.328306549295727688e-10; got != want || got <= 0 || got >= 1 {
				t.Fatalf("drew %v, want %v, in (0, 1)", got, want)
			}
			if got, want := g.Stream(), streamOf(x, y); got != want {
				t.Fatalf("the state is %v, want %v", got, want)
			}
		}
	})
}

func TestJumpsArePowersOfTheMatrices(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anyStream().Draw(t, "stream")
		i := rapid.Int64Min(0).Draw(t, "i")

		n := new(big.Int).Add(big.NewInt(i), big.NewInt(1))
		if got, want := s.At(i), steps(s, n.Lsh(n, 127)); got != want {
			t.Fatalf("At(%d) = %v, want %v", i, got, want)
		}
		n = big.NewInt(i)
		if got, want := s.Sub(i), steps(s, n.Lsh(n, 76)); got != want {
			t.Fatalf("Sub(%d) = %v, want %v", i, got, want)
		}
	})
}
