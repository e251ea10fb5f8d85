package sqlitestore

import (
	"context"
	"fmt"
)

// ObjectFolders lists the folders of destroyed networks.
func (s *Store) ObjectFolders(ctx context.Context) (paths []string, err error) {
	if err = s.purge(ctx); err == nil {
		paths, err = s.objectFolders(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("list the folders of objects of destroyed networks of %s: %w", s.path, err)
	}
	return paths, nil
}

func (s *Store) objectFolders(ctx context.Context) (paths []string, err error) {
	err = s.read(ctx, func(t *txn) error {
		paths, err = t.texts(t.stmt("SELECT path FROM object_folders ORDER BY path"))
		return err
	})
	return paths, err
}

// ForgetObjectFolders takes folders off that list.
func (s *Store) ForgetObjectFolders(ctx context.Context, paths []string) error {
	err := s.write(ctx, func(t *txn) error {
		for _, path := range paths {
			if err := t.stmt("DELETE FROM object_folders WHERE path = ?").text(path).run(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("forget folders of objects of destroyed networks of %s: %w", s.path, err)
	}
	return nil
}

// leaveFolder lists the folder of the network that the transaction has loaded.
func (t *txn) leaveFolder() error {
	limits, err := t.objectLimits()
	if err != nil || limits.Path() == "" {
		return err
	}
	return t.stmt("INSERT OR IGNORE INTO object_folders (path) VALUES (?)").text(limits.Path()).run()
}
