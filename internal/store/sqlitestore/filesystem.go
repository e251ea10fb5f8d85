package sqlitestore

import "fmt"

// checkLocal refuses a directory on a network file system: SQLite's shared
// memory and file locks do not work between machines there, which would damage
// the file.
func checkLocal(dir string, networkKind func(dir string) (string, error)) error {
	kind, err := networkKind(dir)
	if err != nil {
		return fmt.Errorf("find out what file system %s is on: %w", dir, err)
	}
	if kind == "" {
		return nil
	}
	return fmt.Errorf("%s is on a network file system (%s), where processes on several machines would damage the database: name a directory on a local disk, or use a Redis server (redis://HOST:6379), which workers on any number of machines can share", dir, kind)
}
