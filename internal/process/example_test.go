//go:build unix

package process_test

import (
	"fmt"
	"io"
	"os/exec"

	"github.com/rushnet/rush/internal/process"
)

func Example() {
	cmd := exec.Command("sh", "-c", "read n; echo one; echo two; echo no $n >&2; exit 3")
	group, err := process.Start(cmd, &process.Options{Input: []byte("three\n")})
	if err != nil {
		fmt.Println(err)
		return
	}
	stderr, copied := process.NewTail(4096), make(chan error)
	go func() { _, err := io.Copy(stderr, group.Stderr()); copied <- err }()
	err = process.Lines(group.Stdout(), 1<<20, func(line []byte) { fmt.Printf("line %q\n", line) })
	fmt.Println(group.Wait(), err)
	fmt.Println(<-copied, stderr)
	// Output:
	// line "one"
	// line "two"
	// exit code 3 <nil>
	// <nil> no three
}
