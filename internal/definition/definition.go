// Package definition is the part of a network's definition that every worker
// reads, whatever the network is about: its seed.
//
// The body of a definition is a JSON object; its member "seed" has the seven
// integers of a stream. Package search writes the rest.
package definition

import (
	"context"
	crand "crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/seeds"
)

// seeded is what this package knows of a definition's body.
type seeded struct {
	Seed *seeds.Stream `json:"seed,omitempty"`
}

// Seed reads the seed in a body; false when it has none.
func Seed(body []byte) (seeds.Stream, bool, error) {
	if len(body) == 0 {
		return seeds.Stream{}, false, nil
	}
	var d seeded
	if err := json.Unmarshal(body, &d); err != nil {
		return seeds.Stream{}, false, fmt.Errorf("read the seed in the network's definition: %w", err)
	}
	if d.Seed == nil {
		return seeds.Stream{}, false, nil
	}
	return *d.Seed, true, nil
}

// Draw returns a seed that nobody chose.
func Draw() seeds.Stream {
	var b [4]byte
	_, _ = crand.Read(b[:]) // never fails
	return seeds.New(int32(binary.LittleEndian.Uint32(b[:])))
}

// Ensure returns the network's seed. A network without a definition gets one
// with the given seed or, if that is nil, with one that is drawn; the first
// who does so wins.
func Ensure(ctx context.Context, net store.Network, given *seeds.Stream) (seeds.Stream, error) {
	for {
		def, err := net.Definition(ctx)
		if err != nil && !errors.Is(err, rush.ErrNoNetwork) {
			return seeds.Stream{}, err
		}
		if seed, ok, err := Seed(def.Body); err != nil || ok {
			return seed, err
		}
		if def.Version > 0 {
			return seeds.Stream{}, fmt.Errorf("the definition of network %s (version %d) has no seed", net.ID(), def.Version)
		}
		seed := Draw()
		if given != nil {
			seed = *given
		}
		if def.Body, err = json.Marshal(seeded{&seed}); err != nil {
			return seeds.Stream{}, err
		}
		if _, err = net.Define(ctx, def); err == nil {
			return seed, nil
		}
		if !errors.Is(err, rush.ErrChanged) {
			return seeds.Stream{}, err
		}
	}
}
