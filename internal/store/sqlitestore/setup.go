package sqlitestore

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/rushnet/rush"
)

const (
	// applicationID tells a rush database from other SQLite files: "rush".
	applicationID = 0x72757368
	// layout is the version of schema.sql.
	layout = 1
)

//go:embed schema.sql
var schemaSQL string

// setUpFile opens the connection that writes, and creates the tables in a new
// file or checks an old one, which is not changed if it is somebody else's.
func (s *Store) setUpFile() (*conn, error) {
	if err := createPrivate(s.path); err != nil {
		return nil, err
	}
	c, err := openConn(s.path, s.pragmas())
	if err != nil {
		return nil, err
	}
	if err := c.setUp(s.opts.IgnoreSchema); err != nil {
		c.rollback()
		c.close()
		return nil, err
	}
	return c, nil
}

func (c *conn) setUp(ignoreSchema bool) error {
	known, err := c.isOurs(ignoreSchema)
	if err != nil {
		return err
	}
	if err := c.exec("PRAGMA journal_mode = WAL"); err != nil {
		return err
	}
	if !known {
		err = c.exec(fmt.Sprintf("BEGIN IMMEDIATE; %s; PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
			schemaSQL, applicationID, layout))
	}
	return err
}

// isOurs reports whether the file has our tables; an empty file does not, and
// any other is an error.
func (c *conn) isOurs(ignoreSchema bool) (bool, error) {
	var id, version, tables int64
	for _, part := range []struct {
		value *int64
		sql   string
	}{
		{&id, "PRAGMA application_id"},
		{&version, "PRAGMA user_version"},
		{&tables, "SELECT count(*) FROM sqlite_master"},
	} {
		var err error
		if *part.value, err = c.number(part.sql); err != nil {
			return false, err
		}
	}
	switch {
	case id == applicationID && (version == layout || ignoreSchema):
		return true, nil
	case id == applicationID:
		return false, fmt.Errorf("%w: the file has version %d, expected %d: use the rush that wrote it, or another file", rush.ErrSchema, version, layout)
	case tables != 0 || id != 0 || version != 0:
		return false, fmt.Errorf("%w: it is a SQLite file of another program: name another file", rush.ErrSchema)
	}
	return false, nil
}

// createPrivate makes an empty file that only its owner may read, unless there
// is one. SQLite gives the files beside it the same permissions.
//
// An existing file must not be opened here: closing it would take away the
// locks that SQLite has on it in this process (see fcntl(2)).
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}
