package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rushnet/rush/internal/envname"
)

// inherited returns what a process gets of this program's environment: all but
// what is set anew for each task, which could be left over from a search that
// runs this one, and what would make a Go program take itself for a worker.
func inherited(environ []string) []string {
	drop := []string{"RUSH_PLUGIN", progressVariable, checkpointVariable, fromVariable}
	for _, f := range facts() {
		drop = append(drop, f.variable)
	}
	return slices.DeleteFunc(slices.Clone(environ), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return strings.HasPrefix(name, variablePrefix) || slices.Contains(drop, name)
	})
}

// checkEnv refuses names that are no variables, or rush's own.
func checkEnv(env map[string]string) error {
	set := []string{progressVariable, checkpointVariable, fromVariable}
	for _, name := range sortedNames(env) {
		own := func(f fact) bool { return f.variable == name }
		if strings.HasPrefix(name, variablePrefix) || slices.Contains(set, name) || slices.ContainsFunc(facts(), own) {
			return fmt.Errorf("env: %s is set by rush itself: choose another name", name)
		}
		if err := envname.Form(name); err != nil {
			return fmt.Errorf("env: %w", err)
		}
	}
	return nil
}

// isSet reports whether an environment has a variable.
func isSet(environ []string, name string) bool {
	return slices.ContainsFunc(environ, func(v string) bool { return strings.HasPrefix(v, name+"=") })
}
