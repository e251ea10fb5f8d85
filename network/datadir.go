package network

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// DataDir is the directory in which rush keeps its data unless told
// otherwise, by the rules of the XDG base directories: $XDG_DATA_HOME/rush,
// else ~/.local/share/rush; on macOS and Windows the place for application
// data. It need not exist.
func DataDir() (string, error) {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "rush"), nil
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		dir, err := os.UserConfigDir()
		if err != nil {
			return "", noHome(err)
		}
		return filepath.Join(dir, "rush"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", noHome(err)
	}
	return filepath.Join(home, ".local", "share", "rush"), nil
}

func noHome(err error) error {
	return errors.Join(errors.New("there is no home directory to keep the data in; name a store (--store FILE, or RUSH_STORE)"), fmt.Errorf("found: %w", err))
}
