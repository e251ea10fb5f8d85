package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestAccessesAreOfCommandsThatThereAre finds names that were changed, and commands that
// nobody has judged: a new one is written into one of the lists.
func TestAccessesAreOfCommandsThatThereAre(t *testing.T) {
	reading := strings.Split("best check config doctor env export importance networks new objects plan plugins progress queue replay report "+
		"task tasks top ui version wait workers", " ")
	commands := map[string]bool{}
	var walk func(c *cobra.Command, path string)
	walk = func(c *cobra.Command, path string) {
		for _, sub := range c.Commands() {
			name := strings.TrimSpace(path + " " + sub.Name())
			commands[name] = true
			if _, judged := accesses[name]; path == "" && !judged && !slices.Contains(reading, name) {
				t.Errorf("rush %s: does it change a network? Add it to accesses, or to the list of this test", name)
			}
			walk(sub, name)
		}
	}
	walk((&app{}).command(), "")
	for path := range accesses {
		if !commands[path] {
			t.Errorf("there is no command %q", path)
		}
	}
}
