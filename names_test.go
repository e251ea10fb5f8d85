package rush_test

import (
	"strings"
	"testing"

	"github.com/rushnet/rush"
)

func TestNamesOfNetworks(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("n", 121)
	for id, want := range map[string]string{
		"branin": "", "Äther-2": "", "...": "", "a..b": "", long[:120]: "",
		"": "is empty", ".": "stands for a folder", "..": "stands for a folder",
		long: "has 121 bytes", "a/b": "contains '/'", "a b": "contains ' '", "a\x00": `contains '\x00'`, "a\u202eb": `contains '\u202e'`,
	} {
		for kind, err := range map[string]error{"network": rush.NetworkID(id).Validate(), "worker": rush.WorkerID(id).Validate()} {
			switch {
			case want == "" && err != nil:
				t.Errorf("%s %q: got %v, want none", kind, id, err)
			case want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), kind)):
				t.Errorf("%s %q: got %v, want an error about the %s with %q", kind, id, err, kind, want)
			}
		}
	}
}
