package webui

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/envname"
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
	sets, unsets := len(o.Constants.all)+len(o.Variables), len(o.UnsetConstants)+len(o.UnsetVariables)
	if sets+unsets == 0 {
		return nil, badRequest(`nothing is given; expected constants, variables, unset_constants or unset_variables, as in {"constants": {"folds": 5}}`)
	}
	if err := o.checkEnvironment(); err != nil {
		return nil, err
	}
	if err := b.checkConstants(o.Constants.all); err != nil {
		return nil, err
	}
	if unsets > 0 {
		if err := b.net.UnsetEnvironment(ctx, o.UnsetConstants, o.UnsetVariables); err != nil {
			return nil, err
		}
	}
	if sets > 0 {
		if err := b.net.SetEnvironment(ctx, o.Constants.all, o.Variables); err != nil {
			return nil, err
		}
	}
	return b.refresh(ctx)
}

// mostEnvironment is how much is set at a time: every worker reads it, and every
// command that they call is given the variables.
const mostEnvironment = 1 << 20

// checkEnvironment refuses what is too large, and variables that can have no such name
// or text, before anything is changed. What they are to be set to is not said.
func (o *workerOrder) checkEnvironment() error {
	size := o.Constants.size
	for name, text := range o.Variables {
		size += len(name) + len(text)
		if err := envname.Check(name); err != nil {
			return badRequest("%v", err)
		}
		if strings.Contains(text, "\x00") {
			return badRequest("the environment variable %s has a NUL character, which ends every variable", name)
		}
	}
	if size > mostEnvironment {
		return badRequest("the constants and variables have %d bytes; expected at most %d: keep what is large in a file", size, mostEnvironment)
	}
	return nil
}

// checkConstants refuses those that every task would fail with.
func (b *hub) checkConstants(constants rush.Values) error {
	var params []struct {
		Name string `json:"name"`
	}
	space := b.definition().Space
	if len(space) == 0 {
		return nil
	}
	if err := json.Unmarshal(space, &params); err != nil {
		return err
	}
	for _, p := range params {
		if _, is := constants[p.Name]; is {
			return badRequest("%s is a parameter of the search, and cannot be a constant, too", quoted(p.Name))
		}
	}
	return nil
}
