package sqlitestore

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// networkKind returns a name for the network drive that a directory is on, or
// "" for a local one.
func networkKind(dir string) (string, error) {
	volume := filepath.VolumeName(dir)
	if len(volume) > 2 && volume[:2] == `\\` && volume[:4] != `\\?\` && volume[:4] != `\\.\` {
		return "the network share " + volume, nil
	}
	root, err := windows.UTF16PtrFromString(volume + `\`)
	if err != nil {
		return "", err
	}
	if windows.GetDriveType(root) == windows.DRIVE_REMOTE {
		return "the network drive " + volume, nil
	}
	return "", nil
}
