//go:build unix

package command_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/plugins/command"
)

// What an evaluation costs beside the process alone: the shell is started both
// ways, and prints an answer.
func BenchmarkEvaluate(b *testing.B) {
	const script = "echo 1"
	b.Run("exec", func(b *testing.B) {
		for b.Loop() {
			cmd := exec.Command("sh", "-c", script)
			cmd.Stdin = strings.NewReader("{}\n")
			if _, err := cmd.Output(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("command", func(b *testing.B) {
		o, err := command.New(sh(script), b.TempDir(), minimizeY, nil)
		if err != nil {
			b.Fatal(err)
		}
		e := task(rush.Values{"x1": 0.5, "x2": 1.5, "kernel": "rbf"})
		for b.Loop() {
			if _, err := o.Evaluate(b.Context(), e); err != nil {
				b.Fatal(err)
			}
		}
	})
}
