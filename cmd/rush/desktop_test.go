package main

import (
	"fmt"
	"image/png"
	"io/fs"
	"os"
	"os/exec"
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
	if program, err := exec.LookPath("desktop-file-validate"); err == nil {
		if out, err := exec.Command(program, filepath.Join(h.dir, "data", "applications", "rush.desktop")).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("desktop-file-validate: %v\n%s", err, out)
		}
	}
	hicolor := filepath.Join(h.dir, "data", "icons", "hicolor")
	icon, err := os.ReadFile(filepath.Join(hicolor, "scalable", "apps", "rush.svg"))
	if err != nil || !strings.Contains(string(icon), "<svg") {
		t.Errorf("the icon is %.100s, %v", icon, err)
	}
	for _, size := range []int{32, 48, 64, 128, 256} {
		if got := sideOf(t, filepath.Join(hicolor, fmt.Sprintf("%dx%d", size, size), "apps", "rush.png")); got != size {
			t.Errorf("the icon of %d pixels has %d", size, got)
		}
	}
}

// sideOf is the width of a picture that is a square.
func sideOf(t *testing.T, path string) int {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.DecodeConfig(f)
	if err != nil || picture.Width != picture.Height {
		t.Fatalf("%s is %+v, %v", path, picture, err)
	}
	return picture.Width
}

// TestUninstall takes away all that was installed, and nothing else.
func TestUninstall(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("there is nothing to install")
	}
	h := newHome(t, filepath.Join(t.TempDir(), "rush.db"))
	said := h.run(exitDone, "ui", "--install")
	before := filepath.Join(h.dir, "data", "icons", "hicolor", "22x22", "apps", "rush.png") // of another version
	if err := os.MkdirAll(filepath.Dir(before), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(before, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(h.dir, "data", "applications", "other.desktop")
	if err := os.WriteFile(other, []byte("[Desktop Entry]\nType=Application\nName=other\nExec=other\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	removed := h.run(exitDone, "ui", "--uninstall")
	err := filepath.WalkDir(filepath.Join(h.dir, "data"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(d.Name(), "rush.") {
			t.Errorf("%s is left", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Error(err)
	}
	for line := range strings.Lines(said) {
		if path := strings.TrimSpace(line); filepath.IsAbs(path) && !strings.Contains(removed, path) {
			t.Errorf("%s was said to be written, and not to be removed:\n%s", path, removed)
		}
	}
	if again := h.run(exitDone, "ui", "--uninstall"); !strings.Contains(again, "is not in the desktop's menu") {
		t.Errorf("what is said is %s", again)
	}
}

func TestPassing(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"/tmp/go-build42/b001/exe/rush": true, "/usr/local/bin/rush": false, "/opt/exe/rush": false, "/tmp/go-build42/b001/rush.test": false,
	} {
		if got := passing(filepath.FromSlash(path)); got != want {
			t.Errorf("%s: got %t, want %t", path, got, want)
		}
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
