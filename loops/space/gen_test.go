package space_test

import (
	"fmt"
	"math"

	"pgregory.net/rapid"

	"github.com/rushnet/rush/loops/space"
)

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
