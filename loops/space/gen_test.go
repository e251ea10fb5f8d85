package space_test

import (
	"fmt"
	"math"

	"pgregory.net/rapid"

	"github.com/rushnet/rush/loops/space"
)

// dependent generates spaces of which some parameters depend on others, and with
// a fidelity parameter and a constraint at times.
func dependent() *rapid.Generator[space.Space] {
	return rapid.Custom(func(t *rapid.T) space.Space {
		params := []space.Param{
			{Name: "kernel", Type: space.Fct, Levels: []any{"rbf", "poly", "linear"}},
			{Name: "in", Type: space.Int, Lower: 1, Upper: 4},
		}
		conditions := []string{"", `kernel == "rbf"`, `kernel in ["poly", "rbf"]`, `$env["in"] > 2`, `kernel != "rbf" and not ($env["in"] == 1)`}
		for i := range rapid.IntRange(1, 4).Draw(t, "more") {
			p := anyParam(fmt.Sprintf("p.%d", i)).Draw(t, "param")
			p.Depends = rapid.SampledFrom(conditions).Draw(t, "depends")
			if p.Type == space.Lgl {
				conditions = append(conditions, p.Name, "!"+p.Name+` or kernel == "linear"`)
			}
			params = append(params, p)
		}
		if rapid.Bool().Draw(t, "fidelity") {
			params = append(params, space.Param{Name: "epochs", Type: space.Int, Lower: 1, Upper: 81, Log: true, Fidelity: true})
		}
		s, err := space.New(rapid.Permutation(params).Draw(t, "order")...)
		if err == nil && rapid.Bool().Draw(t, "constrained") {
			s, err = s.Constrain(`$env["in"] != 3 or kernel == "poly"`)
		}
		if err != nil {
			t.Fatalf("a space that should be fine: %v", err)
		}
		return s
	})
}

// anySpace generates spaces of one to five parameters of all types.
func anySpace() *rapid.Generator[space.Space] {
	return rapid.Custom(func(t *rapid.T) space.Space {
		n := rapid.IntRange(1, 5).Draw(t, "params")
		params := make([]space.Param, n)
		for i := range params {
			params[i] = anyParam(fmt.Sprintf("p.%d", i)).Draw(t, "param")
		}
		s, err := space.New(params...)
		if err != nil {
			t.Fatalf("a space that should be fine: %v", err)
		}
		return s
	})
}

func anyParam(name string) *rapid.Generator[space.Param] {
	return rapid.Custom(func(t *rapid.T) space.Param {
		p := space.Param{Name: name, Log: rapid.Bool().Draw(t, "log")}
		p.Type = rapid.SampledFrom([]space.Type{space.Dbl, space.Int, space.Fct, space.Lgl}).Draw(t, "type")
		switch p.Type {
		case space.Dbl:
			p.Lower, p.Upper = bounds(t, p.Log, 1e-300, 1e300)
		case space.Int:
			p.Lower, p.Upper = bounds(t, p.Log, 1, 1e12)
			p.Lower, p.Upper = math.Floor(p.Lower), math.Ceil(p.Upper)
		case space.Fct:
			p.Log = false
			for i := range rapid.IntRange(1, 7).Draw(t, "levels") {
				p.Levels = append(p.Levels, []any{nil, true, int64(i), float64(i) + 0.5, "a", []any{int64(1), 2.0}, map[string]any{"k": "v"}}[i])
			}
		case space.Lgl:
			p.Log = false
		}
		if p.Type == space.Dbl || p.Type == space.Int {
			p.Special = [][]any{nil, {nil}, {nil, "auto", false}}[rapid.IntRange(0, 2).Draw(t, "special")]
		}
		return p
	})
}

func bounds(t *rapid.T, log bool, least, most float64) (lower, upper float64) {
	if !log {
		least = -most
	}
	lower = rapid.Float64Range(least, most/2).Draw(t, "lower")
	upper = rapid.Float64Range(lower, most/2).Draw(t, "upper")
	return lower, upper
}
