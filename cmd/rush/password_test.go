package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rushnet/rush/internal/redistest"
)

// The store's password is in the script that starts workers elsewhere, and in
// nothing that a command or a worker prints.
func TestThePasswordIsOnlyInTheScript(t *testing.T) {
	t.Parallel()
	const password = "hunter2secret"
	srv := redistest.Start(t, redistest.Options{Password: password})
	h := newHome(t, srv.URL())
	file := h.write("search.yaml", slowSearch("guarded", 30, ""))
	printed := h.run(exitDone, "run", file)

	script := h.run(exitDone, "script", "guarded", "--worker-id", "far")
	if !strings.Contains(script, password) {
		t.Errorf("found\n%s\nexpected the password in it", script)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	rush1 := filepath.Join(h.dir, "rush") // runs as the rush command by its name
	if err := os.Symlink(self, rush1); err != nil {
		t.Fatal(err)
	}
	worker := exec.CommandContext(t.Context(), "sh", h.write("worker.sh", script))
	worker.Env = append(os.Environ(), "RUSH="+rush1, "XDG_DATA_HOME="+filepath.Join(h.dir, "elsewhere"))
	out, err := worker.CombinedOutput()
	if err != nil {
		t.Fatalf("the script failed: %v\n%s", err, out)
	}
	printed += string(out)
	for _, args := range [][]string{
		{"workers", "guarded", "--json"}, {"networks"}, {"doctor"}, {"tasks", "guarded"},
		{"script", "--help"}, {"destroy", "guarded", "--after", "1h", "--yes"},
	} {
		printed += h.run(exitDone, args...)
	}
	srv.Stop()
	printed += h.run(exitFailed, "tasks", "guarded")
	if strings.Contains(printed, password) {
		t.Errorf("found the password in\n%s", printed)
	}
}
