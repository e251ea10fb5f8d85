package sobol_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/rushnet/rush/loops/sobol"
)

func Example() {
	s := sobol.New(3)
	for i := range int64(4) {
		fmt.Println(s.At(i, nil))
	}
	// Output:
	// [0 0 0]
	// [0.5 0.5 0.5]
	// [0.75 0.25 0.25]
	// [0.25 0.75 0.75]
}

// The points that Joe and Kuo print for new-joe-kuo-6 in five dimensions, which
// SciPy 1.x has as well.
func TestTheFirstPointsOfJoeAndKuo(t *testing.T) {
	t.Parallel()
	s := sobol.New(5)
	for i, want := range [][5]float64{
		{0, 0, 0, 0, 0},
		{0.5, 0.5, 0.5, 0.5, 0.5},
		{0.75, 0.25, 0.25, 0.25, 0.75},
		{0.25, 0.75, 0.75, 0.75, 0.25},
		{0.375, 0.375, 0.625, 0.875, 0.375},
		{0.875, 0.875, 0.125, 0.375, 0.875},
		{0.625, 0.125, 0.875, 0.625, 0.625},
		{0.125, 0.625, 0.375, 0.125, 0.125},
	} {
		if got := [5]float64(s.At(int64(i), nil)); got != want {
			t.Errorf("point %d is %v, want %v", i, got, want)
		}
	}
}

// By its definition (Niederreiter 1987) a (t,m,s)-net in base 2 has 2^t of its
// 2^m points in every elementary interval of volume 2^(t-m). The first dimensions
// of the sequence are primitive: t is 0 for two of them. One dimension by itself
// has t = 0 whichever it is.
func TestTheFirstPointsAreNets(t *testing.T) {
	t.Parallel()
	const m = 8
	for name, s := range map[string]*sobol.Sequence{"plain": sobol.New(2), "scrambled": sobol.Scrambled(2, 7)} {
		for block := range int64(3) { // of the sequence, each of them a net
			for k := range m + 1 {
				cells := map[[2]int]int{}
				for i := range int64(1 << m) {
					u := s.At(block<<m+i, nil)
					cells[[2]int{int(u[0] * float64(int(1)<<k)), int(u[1] * float64(int(1)<<(m-k)))}]++
				}
				if len(cells) != 1<<m {
					t.Errorf("%s, block %d: %d of %d intervals of 2^-%d by 2^-%d have a point", name, block, len(cells), 1<<m, k, m-k)
				}
			}
		}
	}
	wide := sobol.Scrambled(sobol.Dimensions, 3)
	seen := make([]map[int]bool, sobol.Dimensions)
	for i := range int64(1 << m) {
		for d, x := range wide.At(i, nil) {
			if seen[d] == nil {
				seen[d] = map[int]bool{}
			}
			seen[d][int(x*(1<<m))] = true
		}
	}
	for d := range seen {
		if len(seen[d]) != 1<<m {
			t.Errorf("dimension %d: %d of %d intervals have a point", d, len(seen[d]), 1<<m)
		}
	}
}

// The integral of a smooth function is met far better than by random points,
// whose standard error is sqrt(var/n): here var is (13/12)^6-1 = 0.616.
func TestScrambledPointsIntegrate(t *testing.T) {
	t.Parallel()
	const n, dimensions = 4096, 6
	var squares float64
	for seed := range uint64(10) {
		s, sum := sobol.Scrambled(dimensions, seed), 0.0
		for i := range int64(n) {
			f := 1.0
			for _, x := range s.At(i, nil) {
				f *= 1 + (x - 0.5) // its integral is 1
			}
			sum += f / n
		}
		squares += (sum - 1) * (sum - 1) / 10
	}
	if got, random := math.Sqrt(squares), math.Sqrt(0.616/n); got > random/20 {
		t.Errorf("the error is %.2g, of random points %.2g", got, random)
	}
}

// Each point by itself is uniform over the scramblings, also past the table.
func TestEveryPointIsUniform(t *testing.T) {
	t.Parallel()
	const n = 4000 // a mean's standard deviation is 0.0046
	plain := sobol.New(sobol.Dimensions + 2)
	for _, i := range []int64{0, 5} {
		mean := make([]float64, 4)
		dimensions := []int{0, 1, 17, sobol.Dimensions + 1}
		for seed := range uint64(n) {
			u := plain.Scrambled(seed).At(i, nil)
			for k, d := range dimensions {
				mean[k] += u[d] / n
			}
		}
		for k, m := range mean {
			if math.Abs(m-0.5) > 0.02 {
				t.Errorf("point %d: coordinate %d has the mean %v", i, dimensions[k], m)
			}
		}
	}
}

func BenchmarkAt(b *testing.B) {
	s, u := sobol.Scrambled(10, 1), make([]float64, 10)
	for i := 0; b.Loop(); i++ {
		u = s.At(int64(i), u)
	}
}
