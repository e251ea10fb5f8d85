package definition_test

import (
	"testing"

	"github.com/rushnet/rush/internal/definition"
)

func TestPublicLeavesSecretsOut(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, body, want string }{
		{"nothing", ``, ``},
		{"nothing to hide", `{"seed":[1], "objective":{"builtin":"branin"}}`, `{"seed":[1], "objective":{"builtin":"branin"}}`},
		{"the search file", `{"source":"store: redis://ann:secret@host","sets":["store=x"],"format":1}`, `{"format":1}`},
		{"environments", `{"objective":{"command":{"command":["x"],"env":{"TOKEN":"secret"}}},"loop":{"command":{"env":{}}},"on":[{"stage":"s","env":{"A":"b"}}]}`,
			`{"loop":{"command":{}},"objective":{"command":{"command":["x"]}},"on":[{"stage":"s"}]}`},
		{"an argument of that name", `{"loop":{"args":{"env":1},"env":2},"constants":{"env":12345678901234567890}}`,
			`{"constants":{"env":12345678901234567890},"loop":{"args":{"env":1}}}`},
	} {
		got, err := definition.Public([]byte(tc.body))
		if err != nil || string(got) != tc.want {
			t.Errorf("%s: got %s, %v; want %s", tc.name, got, err, tc.want)
		}
	}
	if _, err := definition.Public([]byte("x")); err == nil {
		t.Error("expected an error for what is no JSON")
	}
}
