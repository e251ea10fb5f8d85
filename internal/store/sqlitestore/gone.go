package sqlitestore

import (
	"errors"
	"fmt"
	"os"
)

// ErrGone is wrapped by errors that say that the file that a Store has open is
// not the one that its path names any more: it was deleted, or moved away with
// its directory. What would be written to it is lost for everybody else.
var ErrGone = errors.New("the file is not there any more")

// present fails when the path does not name the file that was opened.
func (s *Store) present() error {
	if s.opened == nil {
		return nil // it is about to be
	}
	found, err := os.Stat(s.path)
	if err == nil && os.SameFile(s.opened, found) {
		return nil
	}
	if err == nil {
		err = errors.New("there is another file in its place")
	}
	return fmt.Errorf("%s: %w, it was deleted or moved while it was in use: put it back and open it again (%w)", s.path, ErrGone, err)
}

// at names the store in the error of a call that was not carried out.
func (s *Store) at(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", s.path, err)
}
