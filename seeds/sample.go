package seeds

import (
	"fmt"
	"math/bits"
)

// Index returns a uniform integer in [0, n), R's R_unif_index(n) under sample.kind = "Rejection", so
// that Index(n)+1 is sample.int(n, 1): as many bits as n-1 has are drawn until they are less than n.
// It panics if n is not positive. For n above 2^49, R's own logarithm of n is off for the numbers that
// are barely above a power of 2, where it leaves out the last few integers; Index does not follow it.
func (g *Generator) Index(n int) int {
	if n <= 0 {
		panic(fmt.Sprintf("seeds: Index(%d): expected a positive number of integers to draw from", n))
	}
	width := bits.Len64(uint64(n - 1))
	for {
		if i := g.bits(width); i < uint64(n) {
			return int(i)
		}
	}
}

// bits returns width bits, at most 63, as R does: pieces of 16 bits, the highest first, of which there
// is one more than needed if width is a multiple of 16, and of which the lowest bits are kept.
func (g *Generator) bits(width int) uint64 {
	var b uint64
	for have := 0; have <= width; have += 16 {
		b = b<<16 | uint64(g.Float64()*(1<<16))
	}
	return b & (1<<width - 1)
}

// SampleInt returns size different integers of 1, ..., n in random order, R's sample.int(n, size)
// under sample.kind = "Rejection"; SampleInt(n, n) is a permutation. It panics if n or size is
// negative or size is greater than n.
//
// As R does, it draws again what it has drawn before if n is above 10 million and at least twice the
// size, and takes the first steps of a Fisher-Yates shuffle otherwise. The memory is in proportion to
// the size, but to n if the size is above n/16.
func (g *Generator) SampleInt(n, size int) []int {
	switch {
	case n < 0 || size < 0 || size > n:
		panic(fmt.Sprintf("seeds: SampleInt(%d, %d): expected 0 <= size <= n", n, size))
	case n > 1e7 && size <= n-size:
		return g.sampleRejecting(n, size)
	case size > n/16:
		return g.sampleShuffling(n, size)
	}
	return g.sampleShufflingSparsely(n, size)
}

// sampleRejecting draws each integer until it is a new one. R gives up after 100 draws and repeats an
// integer then, with a probability of at most 2^-100.
func (g *Generator) sampleRejecting(n, size int) []int {
	sample := make([]int, 0, size)
	drawn := make(map[int]struct{}, size)
	for len(sample) < size {
		v := g.Index(n) + 1
		if _, ok := drawn[v]; !ok {
			drawn[v] = struct{}{}
			sample = append(sample, v)
		}
	}
	return sample
}

// sampleShuffling draws from an urn of n integers, in which the last takes the place of the drawn.
func (g *Generator) sampleShuffling(n, size int) []int {
	urn := make([]int, n)
	for i := range urn {
		urn[i] = i + 1
	}
	sample := make([]int, size)
	for k := range sample {
		i, last := g.Index(len(urn)), len(urn)-1
		sample[k] = urn[i]
		urn[i] = urn[last]
		urn = urn[:last]
	}
	return sample
}

// sampleShufflingSparsely does the same with an urn that holds only what is no longer in its place.
func (g *Generator) sampleShufflingSparsely(n, size int) []int {
	moved := make(map[int]int, size)
	at := func(i int) int {
		if v, ok := moved[i]; ok {
			return v
		}
		return i + 1
	}
	sample := make([]int, size)
	for k := range sample {
		i, last := g.Index(n-k), n-k-1
		sample[k] = at(i)
		moved[i] = at(last)
		delete(moved, last)
	}
	return sample
}
