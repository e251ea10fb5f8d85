package plugins

import (
	"fmt"

	"github.com/rushnet/rush/internal/checksum"
)

// Verify compares the program's file with SHA256, if there is one; it is done
// before every start. A program that is looked for in PATH is taken for an
// interpreter if one of its arguments is a file: then it is that script whose
// checksum counts, the first of them.
func (s *Spec) Verify() error {
	if s.SHA256 != "" && len(s.Command) == 0 {
		return fmt.Errorf("checksum: %w", errNoCommand)
	}
	return checksum.Verify(s.Command, s.Dir, s.SHA256)
}
