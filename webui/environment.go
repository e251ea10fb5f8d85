package webui

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/rushnet/rush"
)

// environment tells the constants that the network keeps for its workers, and the
// names of its environment variables. Their texts stay where they are.
func (h *Handler) environment(w http.ResponseWriter, r *http.Request) error {
	return h.with(r, func(b *hub) error {
		constants, variables, err := b.net.Environment(r.Context())
		if err != nil {
			return err
		}
		return answer(w, map[string]any{"constants": plainMap(constants), "variables": notNil(variables)})
	})
}

// changeEnvironment sets constants and variables, takes others away, and has the
// workers that run read them anew.
func changeEnvironment(ctx context.Context, b *hub, o *order) (*result, error) {
	sets, unsets := len(o.Constants)+len(o.Variables), len(o.UnsetConstants)+len(o.UnsetVariables)
	if sets+unsets == 0 {
		return nil, badRequest(`nothing is given; expected constants, variables, unset_constants or unset_variables, as in {"constants": {"folds": 5}}`)
	}
	if err := b.checkConstants(rush.Values(o.Constants)); err != nil {
		return nil, err
	}
	if unsets > 0 {
		if err := b.net.UnsetEnvironment(ctx, o.UnsetConstants, o.UnsetVariables); err != nil {
			return nil, err
		}
	}
	if sets > 0 {
		if err := b.net.SetEnvironment(ctx, rush.Values(o.Constants), o.Variables); err != nil {
			return nil, err
		}
	}
	return b.refresh(ctx)
}

// checkConstants refuses those that every task would fail with.
func (b *hub) checkConstants(constants rush.Values) error {
	var params []struct {
		Name string `json:"name"`
	}
	if len(b.def.Space) == 0 {
		return nil
	}
	if err := json.Unmarshal(b.def.Space, &params); err != nil {
		return err
	}
	for _, p := range params {
		if _, is := constants[p.Name]; is {
			return badRequest("%s is a parameter of the search, and cannot be a constant, too", quoted(p.Name))
		}
	}
	return nil
}
