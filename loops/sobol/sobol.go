// Package sobol makes Sobol' sequences: points that fill the unit cube more
// evenly than random ones, with or without Owen's scrambling. Any point is there
// by its number, so that workers who take points by the numbers of their tasks
// share one sequence without talking.
//
// Begin with [Scrambled]:
//
//	s := sobol.Scrambled(3, seed)
//	u := s.At(0, nil)
//
// The direction numbers are those of S. Joe and F. Y. Kuo, Constructing Sobol
// sequences with better two-dimensional projections, SIAM J. Sci. Comput. 30,
// 2635-2654 (2008), set new-joe-kuo-6, of 300 dimensions; see LICENSE. The points
// come in Gray code order, as theirs do: I. A. Antonov and V. M. Saleev (1979).
package sobol

import (
	_ "embed"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// Dimensions is how many dimensions have direction numbers. A sequence may have
// more, which are random.
const Dimensions = 300

const digits = 32

//go:embed new-joe-kuo-6.300.txt
var joeKuo string

// A Sequence is a Sobol' sequence. It never changes and may be used by any number
// of goroutines.
type Sequence struct {
	dimensions int
	directions [][digits]uint32 // of each dimension up to Dimensions
	scrambled  bool
	seed       uint64
}

// New returns the sequence of that many dimensions without scrambling. Its first
// point is the corner of zeros. It panics if there are fewer than 0.
func New(dimensions int) *Sequence {
	if dimensions < 0 {
		panic(fmt.Sprintf("sobol: expected a number of dimensions, found %d", dimensions))
	}
	s := &Sequence{dimensions: dimensions}
	lines := strings.Split(joeKuo, "\n") // the first one has the names
	for d := range min(dimensions, Dimensions) {
		s.directions = append(s.directions, directions(d, lines[d]))
	}
	return s
}

// Scrambled returns the sequence with the digits of every coordinate permuted at
// random in a nest: each depends on those before it. So every point by itself is
// uniform, and the points together are as even as they were. See A. B. Owen,
// Randomly permuted (t,m,s)-nets and (t,s)-sequences (1995).
func Scrambled(dimensions int, seed uint64) *Sequence {
	return New(dimensions).Scrambled(seed)
}

// Scrambled returns the sequence with another scrambling, at little cost.
func (s *Sequence) Scrambled(seed uint64) *Sequence {
	other := *s
	other.scrambled, other.seed = true, mix(seed)
	return &other
}

// directions computes the direction numbers of a dimension, counted from 0, from
// its line of the table: Joe and Kuo (2008), equations 2 and 3.
func directions(dimension int, line string) [digits]uint32 {
	var v [digits]uint32
	if dimension == 0 {
		for k := range v {
			v[k] = 1 << (digits - 1 - k)
		}
		return v
	}
	fields := strings.Fields(line)
	number := func(i int) uint32 {
		n, _ := strconv.ParseUint(fields[i], 10, 32) // the table is part of the program
		return uint32(n)
	}
	s, a := int(number(0)), number(1)
	for k := range v {
		if k < s {
			v[k] = number(2+k) << (digits - 1 - k)
			continue
		}
		v[k] = v[k-s] ^ v[k-s]>>s
		for j := 1; j < s; j++ {
			v[k] ^= (a >> (s - 1 - j) & 1) * v[k-j]
		}
	}
	return v
}

// At returns the i-th point, counted from 0, in u if it has room for it. Without
// scrambling a coordinate is a multiple of 2^-32 below 1; with it, it is the
// middle between two of them, never 0 or 1. At panics if i is not within 0 and
// 2^32-1, the end of the sequence.
func (s *Sequence) At(i int64, u []float64) []float64 {
	if i < 0 || i >= 1<<digits {
		panic(fmt.Sprintf("sobol: point %d of a sequence of 2^32", i))
	}
	u = u[:0]
	gray := uint32(i) ^ uint32(i)>>1
	for d := range s.dimensions {
		u = append(u, s.coordinate(d, uint32(i), gray))
	}
	return u
}

func (s *Sequence) coordinate(d int, i, gray uint32) float64 {
	if d >= Dimensions {
		return float64(mix(s.seed^mix(uint64(d)<<digits|uint64(i)))>>11) / (1 << 53)
	}
	var x uint32
	for ; gray != 0; gray &= gray - 1 {
		x ^= s.directions[d][bits.TrailingZeros32(gray)]
	}
	if !s.scrambled {
		return float64(x) / (1 << digits)
	}
	return (float64(s.scramble(d, x)) + 0.5) / (1 << digits)
}

// scramble flips each digit by a coin that the digits before it choose.
func (s *Sequence) scramble(d int, x uint32) uint32 {
	key := mix(s.seed ^ mix(uint64(d)+1))
	out := x
	for k := range digits {
		before := uint64(x) >> (digits - k) // the first k digits
		if coin := mix(key ^ (before | 1<<k)); coin&1 == 1 {
			out ^= 1 << (digits - 1 - k)
		}
	}
	return out
}

// mix is the finalizer of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, Fast
// splittable pseudorandom number generators, 2014, with D. Stafford's variant 13).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
