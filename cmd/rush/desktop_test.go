package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestInstall(t *testing.T) {
	t.Parallel()
	h := newHome(t, filepath.Join(t.TempDir(), "rush.db"))
	if runtime.GOOS != "linux" {
		if out := h.run(exitFailed, "ui", "--install"); !strings.Contains(out, "Linux") {
			t.Errorf("the error is %s", out)
		}
		return
	}
	h.run(exitDone, "ui", "--install")
	entry, err := os.ReadFile(filepath.Join(h.dir, "data", "applications", "rush.desktop"))
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"[Desktop Entry]\n", "Exec=\"" + self + "\" ui\n", "Icon=rush\n"} {
		if !strings.Contains(string(entry), want) {
			t.Errorf("the entry has no %q:\n%s", want, entry)
		}
	}
	icon, err := os.ReadFile(filepath.Join(h.dir, "data", "icons", "hicolor", "scalable", "apps", "rush.svg"))
	if err != nil || !strings.Contains(string(icon), "<svg") {
		t.Errorf("the icon is %.100s, %v", icon, err)
	}
}

func TestExecQuoted(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/usr/bin/rush": `"/usr/bin/rush"`, "/my programs/rush": `"/my programs/rush"`,
		`/a"b$c`: `"/a\\"b\\$c"`, "/100%/rush": `"/100%%/rush"`,
	} {
		if got := execQuoted(path); got != want {
			t.Errorf("%s becomes %s, expected %s", path, got, want)
		}
	}
}
