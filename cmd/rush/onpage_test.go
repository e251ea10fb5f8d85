package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestEveryCommandHasItsPlaceOnThePage finds commands and flags of which nobody has said
// where on the page they are, or why not, and commands that the page's document leaves out.
func TestEveryCommandHasItsPlaceOnThePage(t *testing.T) {
	everywhere := []string{"help", "json", "network", "yes", "store", "ignore-schema"}
	doc, err := os.ReadFile("../../docs/page.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var walk func(c *cobra.Command, path string)
	walk = func(c *cobra.Command, path string) {
		for _, sub := range c.Commands() {
			name := strings.TrimSpace(path + " " + sub.Name())
			place, ok := pagePlaces[name]
			if !ok || place.at == "" && place.why == "" {
				t.Errorf("rush %s: where on the page is it? Add it to pagePlaces, with its flags or why it is not there", name)
				continue
			}
			seen[name] = true
			if place.at == "" {
				continue // nor are its flags and subcommands
			}
			if path == "" && !strings.Contains(string(doc), "`rush "+name) {
				t.Errorf("docs/page.md does not say where on the page rush %s is: %s", name, place.at)
			}
			sub.LocalFlags().VisitAll(func(f *pflag.Flag) {
				has := slices.Contains(everywhere, f.Name) || slices.Contains(strings.Fields(place.flags), f.Name) ||
					slices.Contains(strings.FieldsFunc(place.why, func(r rune) bool { return strings.ContainsRune(" ,.;:", r) }), "--"+f.Name)
				if !has {
					t.Errorf("rush %s --%s: where on the page is it? Name it in pagePlaces", name, f.Name)
				}
			})
			walk(sub, name)
		}
	}
	walk((&app{}).command(), "")
	for name := range pagePlaces {
		if !seen[name] && name != "help" && name != "completion" {
			t.Errorf("there is no command %q whose place the page could be", name)
		}
	}
}
