package netview

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/importance"
	"github.com/rushnet/rush/webui"
)

// Importance measures what explains an output's variance over the space.
func (v *view) Importance(ctx context.Context, target string) (*webui.Importance, error) {
	def, err := v.search(ctx)
	if err != nil {
		return nil, err
	}
	if def == nil {
		return nil, fmt.Errorf("network %s was not made from a search file: it has no space to look at", v.ID())
	}
	if objectives := def.Codomain.Objectives(); target == "" && len(objectives) > 0 {
		target = objectives[0].Name
	}
	if target == "" {
		return nil, errors.New("the search has no output to minimize or maximize; name one with ?target=")
	}
	data, known := importance.New(def.Space, target), def.Codomain.Has(target)
	err = v.EachFinished(ctx, rush.FieldXS|rush.FieldYS, func(t *rush.Task) bool {
		_, has := t.YS[target]
		known = known || has
		data.Add(t)
		return true
	})
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, fmt.Errorf("no task has an output %s", target)
	}
	r, err := data.Measure(true)
	if err != nil {
		return nil, err
	}
	return shown(r), nil
}

func shown(r *importance.Result) *webui.Importance {
	out := &webui.Importance{
		Target: r.Target, Tasks: r.Tasks, Params: []webui.Share{}, Pairs: []webui.PairShare{}, Remarks: append([]string{}, r.Remarks...),
	}
	if !math.IsNaN(r.Fitness) {
		out.Fitness = &r.Fitness
	}
	for _, p := range r.Params {
		out.Params = append(out.Params, webui.Share{Name: p.Name, Share: p.Share})
	}
	for _, p := range r.Pairs {
		out.Pairs = append(out.Pairs, webui.PairShare{Names: [2]string{p.A, p.B}, Share: p.Share})
	}
	return out
}
