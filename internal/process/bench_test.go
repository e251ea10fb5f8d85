//go:build unix

package process_test

import (
	"io"
	"os/exec"
	"testing"

	"github.com/rushnet/rush/internal/process"
)

// What the group costs beside os/exec alone.
func BenchmarkStart(b *testing.B) {
	path, err := exec.LookPath("true")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("exec", func(b *testing.B) {
		for b.Loop() {
			if _, err := exec.Command(path).Output(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("process", func(b *testing.B) {
		for b.Loop() {
			group, err := process.Start(exec.Command(path), &process.Options{Input: []byte("{}\n")})
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, group.Stdout())
			_, _ = io.Copy(io.Discard, group.Stderr())
			if exit := group.Wait(); !exit.OK() {
				b.Fatal(exit)
			}
		}
	})
}
