package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/search"
)

// The test binary plays the rush command, and its workers.
func TestMain(m *testing.M) {
	search.Serve(program())
	testscript.Main(m, map[string]func(){
		"rush": func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs every script of testdata on each kind of store, but for those that
// mostly compile what rush new writes. $STORE is not needed in them: RUSH_STORE says where.
func TestScripts(t *testing.T) {
	t.Parallel()
	var database atomic.Int64
	for _, kind := range []string{"embedded", "redis"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			var url string
			if kind == "redis" {
				url = redistest.Start(t, redistest.Options{Args: []string{"--databases", "256"}}).URL()
			}
			testscript.Run(t, testscript.Params{
				Files: scripts(t, kind),
				Setup: func(env *testscript.Env) error {
					env.Setenv("XDG_DATA_HOME", filepath.Join(env.WorkDir, "data"))
					env.Setenv("EXAMPLES", examplesDir(t))
					env.Setenv("GOCACHE", goEnv(t, "GOCACHE"))
					env.Setenv("GOMODCACHE", goEnv(t, "GOMODCACHE"))
					env.Setenv("GOPROXY", "off")
					env.Setenv("GORACE", os.Getenv("GORACE"))
					if url != "" {
						env.Setenv("RUSH_STORE", fmt.Sprintf("%s/%d", strings.TrimSuffix(url, "/0"), database.Add(1)))
					}
					return nil
				},
				RequireExplicitExec: true,
				RequireUniqueNames:  true,
			})
		})
	}
}

// compiling are the scripts that run on one kind of store, by name.
func compiling() map[string]string {
	return map[string]string{"new": "embedded", "newlang": "embedded", "newloops": "redis"}
}

func scripts(t *testing.T, kind string) []string {
	all, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(all) == 0 {
		t.Fatalf("%d scripts, %v", len(all), err)
	}
	return slices.DeleteFunc(all, func(path string) bool {
		only := compiling()[strings.TrimSuffix(filepath.Base(path), ".txtar")]
		return only != "" && only != kind
	})
}

// goEnv is a setting of the go command, which cannot find it without a home.
func goEnv(t *testing.T, name string) string {
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func examplesDir(t *testing.T) string {
	dir, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
