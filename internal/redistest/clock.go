package redistest

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

//go:embed testdata/clock.c
var clockSource []byte

// shiftClock compiles a clock that is off and returns the environment in which
// a program has it. It works where a library can be preloaded: on Linux.
func shiftClock(dir string, off time.Duration) ([]string, error) {
	source, library := filepath.Join(dir, "clock.c"), filepath.Join(dir, "clock.so")
	if err := os.WriteFile(source, clockSource, 0o600); err != nil {
		return nil, err
	}
	out, err := exec.Command("gcc", "-shared", "-fPIC", "-o", library, source, "-ldl").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("compile a clock that is off (it needs gcc, which `make test` installs): %w\n%s", err, out)
	}
	return []string{"LD_PRELOAD=" + library, fmt.Sprintf("CLOCK_OFFSET=%d", int64(off/time.Second))}, nil
}
