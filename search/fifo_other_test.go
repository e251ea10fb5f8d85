//go:build !unix

package search_test

import (
	"errors"
	"fmt"
)

// mkfifo says that there are no named pipes here.
func mkfifo(path string) error {
	return fmt.Errorf("make the named pipe %s: %w", path, errors.ErrUnsupported)
}
