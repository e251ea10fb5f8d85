package objects

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// Folders is a store that knows what its destroyed networks left behind.
type Folders interface{ store.Folders }

// RemoveFolders removes the folders of large objects that destroyed networks
// left, also those whose time was over. It says what it did. A folder whose
// parent is not there may be on another machine: it is left for that. One that
// cannot be removed is an error, and is tried again by the next call.
func RemoveFolders(ctx context.Context, st Folders) ([]string, error) {
	paths, err := st.ObjectFolders(ctx)
	if err != nil || len(paths) == 0 {
		return nil, err
	}
	var said, gone []string
	var failed []error
	for _, path := range paths {
		if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			failed = append(failed, fmt.Errorf("remove the objects of a network that was destroyed: %w", err))
			continue
		}
		gone = append(gone, path)
		said = append(said, fmt.Sprintf("the folder %s had the objects of a network that was destroyed; it was removed", path))
	}
	if len(gone) > 0 {
		failed = append(failed, st.ForgetObjectFolders(ctx, gone))
	}
	return said, errors.Join(failed...)
}

// makeFolder makes the folder of the network's objects if it is not there. It
// asks first if the network still is: whoever destroyed it removed the folder.
func (s *Store) makeFolder(ctx context.Context, path string) error {
	_, err := os.Stat(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	limits, err := s.net.ObjectLimits(ctx)
	if err != nil {
		return err
	}
	if limits.Path() != path {
		return fmt.Errorf("%w: its objects were in %s, and it was destroyed meanwhile", rush.ErrNoNetwork, path)
	}
	return makeDirectory(path)
}
