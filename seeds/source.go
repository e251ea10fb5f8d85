package seeds

import "math/rand/v2"

// A Generator is a Source of golang.org/x/exp/rand too, by its methods Uint64 and Seed; a test says
// so, which leaves this package with nothing but the standard library.
var _ rand.Source = (*Generator)(nil)

// Uint64 returns 64 uniform bits, which makes a Generator a source for math/rand/v2 and for
// golang.org/x/exp/rand:
//
//	r := rand.New(stream.Generator()) // of either package
//
// An output of MRG32k3a is one of 2^32-209 numbers, so it holds no 32 uniform bits. Each is used for
// 22: output z of 1, 2, ... gives the integer part of (z-1)/1023, and is dropped if that is 2^22 or
// more, which happens once in 1024 times. Every value of 22 bits then comes from as many outputs. Three
// of these make the result: all 22 bits of the first are the highest, then the upper 21 bits of the
// second, then the upper 21 bits of the third.
//
// R has no such draw: what rand.Rand makes of it is deterministic, but not R's.
func (g *Generator) Uint64() uint64 {
	high := g.bits22()
	middle := g.bits22() >> 1
	low := g.bits22() >> 1
	return high<<42 | middle<<21 | low
}

// Seed puts g where New(int32(seed)) begins, for golang.org/x/exp/rand, whose sources have this
// method. Seeds of more than 32 bits are folded: their upper half is combined with the lower by
// exclusive or.
func (g *Generator) Seed(seed uint64) { g.restart(New(int32(uint32(seed>>32) ^ uint32(seed)))) }

// bits22 returns 22 uniform bits.
func (g *Generator) bits22() uint64 {
	const outputs = m1 >> 22 // that give the same bits
	for {
		if b := (g.next() - 1) / outputs; b < 1<<22 {
			return b
		}
	}
}

// Int31 returns a non-negative integer of 31 bits that stands for s, for languages that are seeded
// with one integer. It is a function of the six words alone, the same on every platform and in every
// version: each word, without its sign and the oldest of the first component first, is added to
// a hash of 64 bits together with 0x9e3779b97f4a7c15, and the hash is then mixed by the finalizer of
// SplitMix64 (Steele et al. 2014); the result is its upper 31 bits. Different streams may share an
// integer: among n of them, about n²/2^32 pairs do.
func (s Stream) Int31() int32 {
	var hash uint64
	for _, word := range s.words() {
		hash = mix(hash + word + 0x9e3779b97f4a7c15)
	}
	return int32(hash >> 33)
}

// mix is a bijection in which every bit of h reaches every bit of the result.
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
