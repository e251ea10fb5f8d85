package netview

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"time"

	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
	"github.com/rushnet/rush/webui"
)

// A view is a network as the page sees it. What has the same meaning here and there
// is the manager's own.
type view struct {
	*network.Rush
	store  *Store
	goals  loops.Codomain      // of a file that does not say them
	frozen bool                // it is a file
	remote bool                // other machines may reach its store
	client search.ClientConfig // who asks and tells

	created atomic.Pointer[time.Time] // when the network was made; zero is unknown
}

var _ webui.Network = (*view)(nil)

// Identity says which network it is about by now.
func (v *view) Identity(ctx context.Context) (webui.Identity, error) {
	created := *v.created.Load()
	found, same, err := v.store.find(ctx, v.ID(), created)
	if err != nil || same || created.IsZero() {
		return found, err
	}
	// It is gone. The manager goes on with the next one of its name once it has asked.
	if _, err := v.Counts(ctx); err != nil {
		return webui.Identity{}, err
	}
	if found, _, err = v.store.find(ctx, v.ID(), created); err == nil {
		v.created.Store(&found.Created)
	}
	return found, err
}

// search reads what the network is about, as far as others may know it; nil if it was
// not made from a search file.
func (v *view) search(ctx context.Context) (*search.Definition, error) {
	about, err := v.About(ctx)
	if err != nil {
		return nil, err
	}
	if about == nil {
		return v.inferred(ctx)
	}
	def, err := search.ParseDefinition(about.Definition)
	if errors.Is(err, search.ErrNoSearch) {
		return v.inferred(ctx)
	}
	return def, err
}

// inferred is what a file is about that does not say it; nil without goals.
func (v *view) inferred(ctx context.Context) (*search.Definition, error) {
	if len(v.goals) == 0 {
		return nil, nil
	}
	return search.Infer(ctx, v.Archive, v.goals)
}

// Definition tells what the network is about.
func (v *view) Definition(ctx context.Context) (*webui.Definition, error) {
	stored, err := v.Rush.Definition(ctx)
	if err != nil {
		return nil, err
	}
	def, err := v.search(ctx)
	if err != nil {
		return nil, err
	}
	shown := &webui.Definition{Version: stored.Version, Limit: max(0, stored.Limit), Frozen: v.frozen, Remote: v.remote}
	seed := v.Seed()
	for _, n := range seed {
		shown.Seed = append(shown.Seed, int32(n))
	}
	if def == nil {
		return shown, nil
	}
	shown.Rush, shown.Schema = def.Version, def.Schema()
	shown.Reports = def.EarlyStopping != (search.EarlyStopping{})
	return shown, parts(def, shown)
}

// parts writes the parts of a definition that the page reads.
func parts(def *search.Definition, to *webui.Definition) error {
	space := struct {
		Params      json.RawMessage `json:"params"`
		Constraints json.RawMessage `json:"constraints"`
	}{}
	b, err := json.Marshal(def.Space)
	if err == nil {
		err = json.Unmarshal(b, &space)
	}
	if err != nil {
		return err
	}
	to.Space, to.Constraints, to.Record = space.Params, space.Constraints, def.Record
	for part, v := range map[*json.RawMessage]any{
		&to.Codomain: targets(def.Codomain), &to.Loop: def.Loop, &to.Terminators: def.Terminate, &to.Objective: def.Objective,
	} {
		if *part, err = json.Marshal(v); err != nil {
			return err
		}
	}
	return nil
}

// A target is a loops.Target.
type target struct {
	Name string `json:"name"`
	Goal string `json:"goal"`
}

func targets(c loops.Codomain) []target {
	list := []target{}
	for _, t := range c {
		list = append(list, target{t.Name, string(t.Goal)})
	}
	return list
}
