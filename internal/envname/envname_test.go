package envname_test

import (
	"strings"
	"testing"

	"github.com/rushnet/rush/internal/envname"
)

func TestVariablesOfRushHaveTheForm(t *testing.T) {
	t.Parallel()
	if err := envname.Form("RUSH_TASK"); err != nil {
		t.Error(err)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"A", "_", "OMP_NUM_THREADS", "http_proxy", "A1", "RUSH"} {
		if err := envname.Check(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for name, want := range map[string]string{
		"": "has no name", "MY TOKEN": `"MY TOKEN" cannot`, "A=B": `"A="... cannot`, "A\x00B": `"A\x00B" cannot`, " A": "letters, digits and _",
		"A\n": "letters, digits and _", "1A": "no digit first", "a-b": "letters, digits and _", "é": "letters, digits and _", "RUSH_TASK": "does not begin with RUSH_",
		"TOKEN=secret": `"TOKEN="... cannot`, strings.Repeat("é", 1000): `é"... cannot`,
	} {
		err := envname.Check(name)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") || len(err.Error()) > 500 {
			t.Errorf("%q: %v, expected %q", name, err, want)
		}
	}
}
