package search

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// Format is the version of the JSON that a Definition is written as.
const Format = 1

// A Definition is what a search is about: what a network stores, and what every
// worker, command and page reads. It is made from a search file by [Load], or
// from what a network stored by [ParseDefinition]. It must not be changed while
// others use it.
//
// In JSON nothing is lost: reading what was written gives an equal Definition.
type Definition struct {
	Format int `json:"format"`
	// Version of rush that stored it, for people to see.
	Version string `json:"version,omitempty"`
	// Seed is the network's; nil until one is chosen. It is what
	// internal/definition reads.
	Seed *seeds.Stream `json:"seed,omitempty"`

	Objective Objective      `json:"objective"`
	Space     space.Space    `json:"space,omitzero"` // none: inputs come from a design or a queue
	Codomain  loops.Codomain `json:"codomain,omitempty"`
	Constants rush.Values    `json:"-"` // written by MarshalJSON
	Loop      Loop           `json:"loop"`
	Terminate Terminate      `json:"terminate"`
	Task      Task           `json:"task"`
	// EarlyStopping ends evaluations early whose reports promise little.
	EarlyStopping EarlyStopping `json:"early_stopping,omitzero"`
	// StopAfterFailures ends the run when that many first tasks failed alike; 0
	// never does.
	StopAfterFailures int `json:"stop_after_failures"`
	// Record keeps with every task what its proposal saw, for [Definition.Replay].
	Record bool `json:"record,omitempty"`
	// Known are points whose results are known before the search begins.
	Known []Known `json:"start,omitempty"`
	// Initial are points that are evaluated before all others: some values each, and
	// for the other parameters their defaults, or else what is drawn. [Start] creates
	// their tasks, with the first numbers.
	Initial []Args `json:"initial,omitempty"`
	// On are commands that are called at stages of the search.
	On []Hook `json:"on,omitempty"`

	// Dir is the search file's directory, absolute: commands run there, and
	// paths are relative to it.
	Dir    string   `json:"dir,omitempty"`
	Source string   `json:"source,omitempty"` // the search file's text
	Sets   []string `json:"sets,omitempty"`   // what --set changed in it

	points []rush.Values // of the design; nil until they are read
	cached *space.Grid   // of the grid; nil unless it was made by Load
}

// ErrNoSearch says that a network was not made from a search file: its
// definition has no more than a seed.
var ErrNoSearch = errors.New("the network was not made from a search file")

// ParseDefinition reads what a network stored. It fails with [ErrNoSearch] if
// that is no search, and refuses one that a newer rush wrote.
func ParseDefinition(body []byte) (*Definition, error) {
	var written struct {
		Format *int `json:"format"`
	}
	if len(body) == 0 {
		return nil, ErrNoSearch
	}
	if err := json.Unmarshal(body, &written); err != nil {
		return nil, fmt.Errorf("read the network's definition: %w", err)
	}
	switch {
	case written.Format == nil:
		return nil, ErrNoSearch
	case *written.Format != Format:
		return nil, fmt.Errorf("the network's definition has format %d; expected %d: use the rush that wrote it: %w", *written.Format, Format, rush.ErrSchema)
	}
	d := new(Definition)
	if err := json.Unmarshal(body, d); err != nil {
		return nil, fmt.Errorf("read the network's definition: %w", err)
	}
	return d, nil
}

// MarshalJSON writes the definition.
func (d *Definition) MarshalJSON() ([]byte, error) {
	type plain Definition
	constants, err := marshalValues(d.Constants)
	if err != nil {
		return nil, fmt.Errorf("constants: %w", err)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err = enc.Encode(struct {
		*plain
		Constants json.RawMessage `json:"constants,omitempty"`
	}{(*plain)(d), constants})
	return b.Bytes(), err
}

// UnmarshalJSON reads a definition. A field that it does not know is an error:
// without it, it would be another search.
func (d *Definition) UnmarshalJSON(b []byte) error {
	type plain Definition
	read := struct {
		*plain
		Constants json.RawMessage `json:"constants"`
	}{plain: new(plain)}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&read); err != nil {
		return err
	}
	constants, err := unmarshalValues(read.Constants)
	if err != nil {
		return fmt.Errorf("constants: %w", err)
	}
	if s := read.Seed; s != nil {
		if err := s.Check(); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	*d = Definition(*read.plain)
	d.Constants = constants
	return nil
}

// Limit is the budget, how many tasks may be started in all; 0 is no limit. A chain of
// loops of which each has its number has one of its own.
func (d *Definition) Limit() int64 {
	n := d.Terminate.limit()
	if own := d.Loop.evals(); own > 0 {
		if own += int64(len(d.Initial) * max(d.Task.Replicates, 1)); n == 0 || own < n {
			return own
		}
	}
	return n
}
