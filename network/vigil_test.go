package network

import (
	"testing"
	"time"
)

// Who did not run for a while trusts the clock again when others had the time
// to beat.
func TestWhoWokeUpGivesOthersTime(t *testing.T) {
	t.Parallel()
	const gap, grace = 3 * time.Second, 10 * time.Second
	began := time.Now()
	for _, c := range []struct {
		name  string
		looks []time.Duration // since it began
		want  bool
	}{
		{"it has only begun", []time.Duration{0}, true},
		{"it looked all the time", []time.Duration{0, 2 * time.Second, 4 * time.Second}, true},
		{"it just woke up", []time.Duration{0, time.Hour}, false},
		{"its clock was set back", []time.Duration{time.Hour, time.Hour + time.Second, 0}, false},
		{"it woke up a while ago", []time.Duration{0, time.Hour, time.Hour + 2*time.Second}, false},
		{"it woke up, and the others beat since", []time.Duration{0, 20 * time.Second, 22 * time.Second, 24 * time.Second, 26 * time.Second, 28 * time.Second, 30*time.Second + 1}, true},
	} {
		var v vigil
		for _, d := range c.looks {
			v.look(began.Add(d), gap)
		}
		if got := v.trusts(grace); got != c.want {
			t.Errorf("%s: it trusts the others' beats: %v, expected %v", c.name, got, c.want)
		}
	}
}
