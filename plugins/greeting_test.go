package plugins

import (
	"strings"
	"testing"
)

func TestReadGreeting(t *testing.T) {
	t.Parallel()
	const greeting = "1|1|unix|/tmp/p|grpc|"
	long := strings.Repeat("o", 2*maxGreeting)
	for name, c := range map[string]struct {
		line, before string
		is           bool
	}{
		"greeting":                       {greeting, "", true},
		"after a print":                  {"loading..." + greeting, "loading...", true},
		"after a long print":             {long + greeting, long, true},
		"another version":                {"12|1|unix|/tmp/p|grpc", "", true},
		"print":                          {"loading", "", false},
		"long print":                     {long, "", false},
		"a long print that begins alike": {greeting + long, "", false},
	} {
		g, is := readGreeting([]byte(c.line), "")
		if is != c.is || g.precededBy != c.before {
			t.Errorf("%s: found %v, after %d bytes; expected %v, after %d", name, is, len(g.precededBy), c.is, len(c.before))
		}
	}
}
