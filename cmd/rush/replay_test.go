package main

import (
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
)

// A replay names the versions and kinds of machines that took part and are not its own.
func TestAnotherRushIsNamed(t *testing.T) {
	t.Parallel()
	here := runtime.GOOS + "/" + runtime.GOARCH
	own := rush.Worker{PID: 1, Version: version, Platform: here}
	older := rush.Worker{PID: 2, Version: "0.9", Platform: here}
	elsewhere := rush.Worker{PID: 3, Version: version, Platform: "plan9/mips"}
	client := rush.Worker{Version: "0.8"}
	for _, c := range []struct {
		definedBy string
		workers   []rush.Worker
		want      []string
	}{
		{version, nil, []string{}},
		{"", []rush.Worker{own, client}, []string{}},
		{"0.9", nil, []string{"0.9"}}, // its workers were deleted
		{"0.9", []rush.Worker{own, older, older, elsewhere}, []string{"0.9 on " + here, version + " on plan9/mips"}},
	} {
		if diff := cmp.Diff(c.want, otherRush(c.definedBy, c.workers)); diff != "" {
			t.Errorf("%s, %v (-want +got):\n%s", c.definedBy, c.workers, diff)
		}
	}
}
