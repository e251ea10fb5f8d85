package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

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

// install puts rush into the desktop's menu, for this user.
func (a *app) install() error {
	if runtime.GOOS != "linux" {
		return fmt.Errorf("--install is for Linux desktops, this is %s: make a shortcut for the command rush ui", runtime.GOOS)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir := os.Getenv("XDG_DATA_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return fmt.Errorf("where is the desktop's menu? Set XDG_DATA_HOME: %w", err)
		}
		dir = filepath.Join(home, ".local", "share")
	}
	icon, err := webui.Icon()
	if err != nil {
		return err
	}
	applications := filepath.Join(dir, "applications")
	files := map[string]string{
		filepath.Join(applications, "rush.desktop"):                            fmt.Sprintf(desktopEntry, execQuoted(self)),
		filepath.Join(dir, "icons", "hicolor", "scalable", "apps", "rush.svg"): string(icon),
	}
	for path, text := range files {
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if err = errors.Join(err, os.WriteFile(path, []byte(text), 0o644)); err != nil {
			return fmt.Errorf("install the menu entry: %w", err)
		}
	}
	_ = exec.Command("update-desktop-database", applications).Run() // where there is one; others look by themselves
	a.printf("rush is in the desktop's menu: %s\n", filepath.Join(applications, "rush.desktop"))
	return nil
}

// execQuoted quotes a program as the key Exec wants it.
func execQuoted(path string) string {
	inner := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", "$", `\$`).Replace(path)
	// the value is a string, too, in which a backslash is written as two
	return `"` + strings.ReplaceAll(strings.ReplaceAll(inner, `\`, `\\`), "%", "%%") + `"`
}
