package redisstore

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
)

// ObjectFolders lists the folders of destroyed networks; see store.Folders.
func (s *Store) ObjectFolders(ctx context.Context) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, s.explain(ctx, err)
	}
	err := s.purge(ctx)
	var paths []string
	if err == nil {
		paths, err = s.client.SMembers(ctx, foldersKey).Result()
	}
	if err != nil {
		return nil, fmt.Errorf("list the folders of objects of destroyed networks: %w", s.explain(ctx, err))
	}
	slices.Sort(paths)
	return paths, nil
}

// ForgetObjectFolders takes folders off that list; see store.Folders.
func (s *Store) ForgetObjectFolders(ctx context.Context, paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	if err := s.client.SRem(ctx, foldersKey, members(paths)...).Err(); err != nil {
		return fmt.Errorf("forget folders of objects of destroyed networks: %w", s.explain(ctx, err))
	}
	return nil
}

func members(paths []string) []any {
	list := make([]any, len(paths))
	for i, path := range paths {
		list[i] = path
	}
	return list
}

// moveFolders moves the folders that a destroyed network left in its own slot
// to the list of all; a repeat goes on where it stopped.
func (s *Store) moveFolders(ctx context.Context, id string) error {
	left := key(id, objectFoldersKey)
	paths, err := s.client.SMembers(ctx, left).Result()
	if err != nil || len(paths) == 0 {
		return s.explain(ctx, err)
	}
	clean := make([]string, len(paths))
	for i, path := range paths {
		clean[i] = filepath.Clean(path)
	}
	if err := s.client.SAdd(ctx, foldersKey, members(clean)...).Err(); err != nil {
		return s.explain(ctx, err)
	}
	return s.explain(ctx, s.client.SRem(ctx, left, members(paths)...).Err())
}

// clear removes what is left of a destroyed network.
func (s *Store) clear(ctx context.Context, id string) error {
	if err := s.moveFolders(ctx, id); err != nil {
		return err
	}
	return s.empty(ctx, id)
}
