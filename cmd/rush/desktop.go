package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/webui"
)

// desktopEntry is the entry in a Linux desktop's menu, of the Desktop Entry
// Specification 1.5. It has a terminal, so that the page ends with its window.
const desktopEntry = `[Desktop Entry]
Type=Application
Name=rush
GenericName=Parallel search
Comment=Watch, explore and steer searches in the browser
Exec=%s ui
Icon=rush
Terminal=true
Categories=Development;
Keywords=optimization;search;tuning;
`

// icons are the page's icon in the sizes by which the files are named, for desktops
// that draw no SVG; make icons writes them.
//
//go:embed icons/*.png
var icons embed.FS

// install puts rush into the desktop's menu, for this user.
func (a *app) install() error {
	dir, err := menuDir("--install")
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if passing(self) {
		return fmt.Errorf("the menu entry would start %s, which go run deletes; build rush first (make build, or go install ./cmd/rush) and install with that", self)
	}
	files, err := menuFiles(dir, self)
	if err != nil {
		return err
	}
	a.printf("rush is in the desktop's menu; rush ui --uninstall takes away what was written:\n")
	for _, path := range slices.Sorted(maps.Keys(files)) {
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if err = errors.Join(err, os.WriteFile(path, files[path], 0o644)); err != nil {
			return fmt.Errorf("install the menu entry: %w", err)
		}
		a.printf("  %s\n", path)
	}
	tellDesktop(dir)
	return nil
}

// uninstall takes away what install wrote.
func (a *app) uninstall() error {
	dir, err := menuDir("--uninstall")
	if err != nil {
		return err
	}
	paths, err := menuPaths(dir)
	if err != nil {
		return err
	}
	var removed []string
	for _, path := range paths {
		switch err := os.Remove(path); {
		case err == nil:
			removed = append(removed, path)
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("take away the menu entry: %w", err)
		}
	}
	if len(removed) == 0 {
		a.printf("rush is not in the desktop's menu: nothing of it is in %s\n", dir)
		return nil
	}
	tellDesktop(dir)
	a.printf("rush is not in the desktop's menu any more; removed:\n  %s\n", strings.Join(removed, "\n  "))
	return nil
}

// menuPaths are what this version writes and what others may have written: icons of
// other sizes.
func menuPaths(dir string) ([]string, error) {
	files, err := menuFiles(dir, "")
	if err != nil {
		return nil, err
	}
	others, err := filepath.Glob(filepath.Join(dir, "icons", "hicolor", "*", "apps", "rush.png"))
	if err != nil {
		return nil, err
	}
	for _, path := range others {
		files[path] = nil
	}
	return slices.Sorted(maps.Keys(files)), nil
}

// menuDir is where desktops look for what belongs to this user.
func menuDir(flag string) (string, error) {
	if runtime.GOOS != "linux" {
		return "", fmt.Errorf("%s is for Linux desktops, this is %s: make a shortcut for the command rush ui", flag, runtime.GOOS)
	}
	data, err := network.DataDir() // rush's own, in the same directory
	if err != nil {
		return "", fmt.Errorf("where is the desktop's menu? Set XDG_DATA_HOME: %w", err)
	}
	return filepath.Dir(data), nil
}

// menuFiles are the entry for a program and its icons, by path.
func menuFiles(dir, program string) (map[string][]byte, error) {
	icon, err := webui.Icon()
	if err != nil {
		return nil, err
	}
	hicolor := filepath.Join(dir, "icons", "hicolor")
	files := map[string][]byte{
		filepath.Join(dir, "applications", "rush.desktop"):     fmt.Appendf(nil, desktopEntry, execQuoted(program)),
		filepath.Join(hicolor, "scalable", "apps", "rush.svg"): icon,
	}
	sizes, err := icons.ReadDir("icons")
	if err != nil {
		return nil, err
	}
	for _, f := range sizes {
		size := strings.TrimSuffix(f.Name(), ".png")
		if files[filepath.Join(hicolor, size+"x"+size, "apps", "rush.png")], err = icons.ReadFile("icons/" + f.Name()); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// tellDesktop has the desktop look again. Most do so by themselves, and what goes
// wrong here is none of the person's business.
func tellDesktop(dir string) {
	_ = exec.Command("update-desktop-database", filepath.Join(dir, "applications")).Run()
	now := time.Now()
	_ = os.Chtimes(filepath.Join(dir, "icons", "hicolor"), now, now) // a cache of icons that is older counts for nothing
}

// passing reports whether a program is one that go run builds and deletes.
func passing(program string) bool {
	return filepath.Base(filepath.Dir(program)) == "exe" && strings.Contains(program, string(filepath.Separator)+"go-build")
}

// execQuoted quotes a program as the key Exec wants it.
func execQuoted(path string) string {
	inner := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", "$", `\$`).Replace(path)
	// the value is a string, too, in which a backslash is written as two
	return `"` + strings.ReplaceAll(strings.ReplaceAll(inner, `\`, `\\`), "%", "%%") + `"`
}
