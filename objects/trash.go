package objects

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/rushnet/rush/internal/store"
)

// EmptyTrash removes the files of deleted objects. Whatever deletes objects
// does it afterwards; if it cannot, the next one does.
func (s *Store) EmptyTrash(ctx context.Context) error {
	paths, err := s.net.ObjectTrash(ctx)
	if err != nil || len(paths) == 0 {
		return err
	}
	var gone []string
	var failed []error
	for _, path := range paths {
		removed, err := remove(path)
		if removed {
			gone = append(gone, path)
		}
		if err != nil {
			failed = append(failed, err)
		}
	}
	if len(gone) > 0 {
		err = s.net.EmptyObjectTrash(ctx, gone)
	}
	return errors.Join(err, s.wrap("remove the files of deleted objects", errors.Join(failed...)))
}

// remove removes a file. One whose directory is not there may be on another
// machine: it stays in the trash.
func remove(path string) (bool, error) {
	err := os.Remove(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return err == nil, err
	}
	_, err = os.Stat(filepath.Dir(path))
	return err == nil, nil
}

// Collect deletes what a crash left behind: objects that no tag holds and that
// were put longer ago than age, and files of the network's directory that no
// object names and that are older. It says what it did.
func (s *Store) Collect(ctx context.Context, age time.Duration) ([]string, error) {
	var said []string
	hashes, err := s.net.CollectObjects(ctx, age)
	if err != nil {
		return nil, err
	}
	for _, hash := range hashes {
		said = append(said, fmt.Sprintf("object %s: no tag held it; it was deleted", hash))
	}
	trash, err := s.net.ObjectTrash(ctx)
	if err != nil {
		return said, err
	}
	if err := s.EmptyTrash(ctx); err != nil {
		return said, err
	}
	for range len(trash) - len(hashes) {
		said = append(said, "a file of an object that was deleted before was removed")
	}
	strays, err := s.strays(ctx, age)
	for _, path := range strays {
		if err == nil {
			err = os.Remove(path)
		}
		if err == nil {
			said = append(said, fmt.Sprintf("the file %s belonged to no object; it was removed", path))
		}
	}
	return said, err
}

// strays lists the old files of the network's folder that nothing names. The
// folder is listed first: what is recorded after that is no stray.
func (s *Store) strays(ctx context.Context, age time.Duration) ([]string, error) {
	limits, err := s.readLimits(ctx)
	if err != nil || limits.Directory == "" {
		return nil, err
	}
	entries, err := os.ReadDir(limits.Path())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, s.wrap("look for stray files", err)
	}
	named, err := s.named(ctx)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, e := range entries {
		path := filepath.Join(limits.Path(), e.Name())
		info, err := e.Info()
		if err == nil && !e.IsDir() && !named[path] && time.Since(info.ModTime()) >= age {
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// named returns the files that objects or the trash name.
func (s *Store) named(ctx context.Context) (map[string]bool, error) {
	objects, err := s.net.ListObjects(ctx)
	if err != nil {
		return nil, err
	}
	trash, err := s.net.ObjectTrash(ctx)
	if err != nil {
		return nil, err
	}
	named := map[string]bool{}
	for _, o := range objects {
		named[o.Path] = true
	}
	for _, path := range trash {
		named[path] = true
	}
	return named, nil
}

// Check says which objects cannot be read: those whose file is not there, or
// has another size. It does not read them.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	objects, err := s.net.ListObjects(ctx)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, o := range objects {
		if o.Place == store.Inline {
			continue
		}
		switch info, err := os.Stat(o.Path); {
		case err != nil:
			found = append(found, fmt.Sprintf("object %s: its file cannot be read here: %v", o.Hash, err))
		case info.Size() != o.Size:
			found = append(found, fmt.Sprintf("object %s: its file %s has %d bytes; expected %d", o.Hash, o.Path, info.Size(), o.Size))
		}
	}
	return found, nil
}
