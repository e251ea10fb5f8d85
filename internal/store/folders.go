package store

import (
	"context"
	"path/filepath"
)

// Folders are what networks leave outside of the store: the folders of their
// large objects. Those of a network that is destroyed, at once or because its
// time is over, are listed in the same step, so that whoever comes by can
// remove them, also when who destroyed it died.
type Folders interface {
	// ObjectFolders lists the folders of destroyed networks by path. It
	// destroys those whose time is over first.
	ObjectFolders(ctx context.Context) ([]string, error)

	// ForgetObjectFolders takes folders that were removed off the list.
	ForgetObjectFolders(ctx context.Context, paths []string) error
}

// Path is where the files of the network's objects are; empty: nowhere.
func (l ObjectLimits) Path() string {
	if l.Directory == "" {
		return ""
	}
	return filepath.Join(l.Directory, l.Folder)
}
