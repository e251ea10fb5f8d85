package seeds_test

import (
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/rushnet/rush/seeds"
	//lint:ignore SA1019 gonum's distributions draw from it still
	exprand "golang.org/x/exp/rand"
	"pgregory.net/rapid"
)

var _ exprand.Source = (*seeds.Generator)(nil)

func TestUint64IsMadeOfThreeOutputsAsDocumented(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anyStream().Draw(t, "stream")
		words, outputs := s.Generator(), s.Generator()
		next := func() uint64 { // 22 bits
			for {
				z := uint64(outputs.Float64()*4294967088 + 0.5)
				if b := (z - 1) / 1023; b < 1<<22 {
					return b
				}
			}
		}
		for range 10 {
			high, middle, low := next(), next()>>1, next()>>1
			if got, want := words.Uint64(), high<<42|middle<<21|low; got != want {
				t.Fatalf("Uint64() = %#x, want %#x", got, want)
			}
		}
		if got, want := words.Stream(), outputs.Stream(); got != want {
			t.Fatalf("the state is %v, want %v", got, want)
		}
	})
}

// The words must not change between versions: what was drawn with math/rand/v2 would.
func TestTheWordsOfSeed42(t *testing.T) {
	t.Parallel()
	g := seeds.New(42).Generator()
	for i, want := range []uint64{0x2c8c46389bef7bb2, 0xbcfaef307ac119bf, 0x549d36c8028c1154} {
		if got := g.Uint64(); got != want {
			t.Errorf("word %d is %#x, want %#x", i, got, want)
		}
	}
}

func TestEveryBitOfUint64IsFair(t *testing.T) {
	t.Parallel()
	const draws = 40000 // the standard deviation of a count is 100
	g := seeds.New(42).Generator()
	var ones [64]int
	for range draws {
		for w := g.Uint64(); w != 0; w &= w - 1 {
			ones[bits.TrailingZeros64(w)]++
		}
	}
	for i, n := range ones {
		if n < draws/2-450 || n > draws/2+450 {
			t.Errorf("bit %d was set %d times in %d", i, n, draws)
		}
	}
}

func TestAGeneratorIsASourceOfBothPackages(t *testing.T) {
	t.Parallel()
	standard, experimental := rand.New(seeds.New(42).Generator()), exprand.New(seeds.New(1).Generator())
	experimental.Seed(42)
	for range 10 {
		if a, b := standard.Uint64(), experimental.Uint64(); a != b {
			t.Fatalf("math/rand/v2 drew %#x, golang.org/x/exp/rand %#x", a, b)
		}
	}
}

func TestSeedIsNewOfTheFoldedSeed(t *testing.T) {
	t.Parallel()
	for seed, want := range map[uint64]int32{42: 42, 1<<32 - 1: -1, 1 << 32: 1, 3<<32 | 1: 2} {
		g := seeds.New(0).Generator()
		g.Seed(seed)
		if got := g.Stream(); got != seeds.New(want) {
			t.Errorf("Seed(%#x) leads to %v, want New(%d)", seed, got, want)
		}
	}
}

// The integers must not change between versions: objectives in other languages are seeded with them.
func TestTheIntegersOfTheFirstTasks(t *testing.T) {
	t.Parallel()
	network := seeds.New(42)
	for i, want := range []int32{23595338, 2008064351, 1978753425} {
		if got := network.Task(int64(i)).Int31(); got != want {
			t.Errorf("task %d has %d, want %d", i, got, want)
		}
	}
}

func TestEveryBitOfInt31DependsOnEveryWord(t *testing.T) {
	t.Parallel()
	const tasks = 4000 // the standard deviation of a count is 32
	network := seeds.New(42)
	for word := 1; word <= 6; word++ {
		var flips [32]int
		for i := range tasks {
			s := network.Task(int64(i))
			other := s
			other[word] ^= 1
			if s.Int31() < 0 {
				t.Fatalf("%v has the integer %d, want none below 0", s, s.Int31())
			}
			for d := uint32(s.Int31() ^ other.Int31()); d != 0; d &= d - 1 {
				flips[bits.TrailingZeros32(d)]++
			}
		}
		for bit, n := range flips[:31] {
			if n < tasks/2-160 || n > tasks/2+160 {
				t.Errorf("a change of word %d flips bit %d in %d of %d tasks", word, bit, n, tasks)
			}
		}
	}
}
