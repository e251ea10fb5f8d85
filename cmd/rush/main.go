// Command rush runs parallel searches: it starts workers that evaluate points
// and meet in a store, shows what they find, and takes the results away.
//
//	rush run search.yaml
//	rush tasks
//	rush export -o results.parquet
//
// "rush help" lists the commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/search"
)

// version is set by the build; see the Makefile.
var version = "dev"

// The exit codes.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

func main() {
	search.Serve(program())
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// program is what the worker processes of this command offer.
func program() plugins.Program {
	return plugins.Program{Loops: benchLoops(), Objectives: search.Builtins(), Version: version}
}

// run is the program: it returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{in: stdin, out: stdout, err: stderr}
	root := a.command()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var code exitError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &code):
		if code.err != nil {
			fmt.Fprintf(stderr, "rush: %v\n", code.err)
		}
		return code.code
	case a.started:
		fmt.Fprintf(stderr, "rush: %v\n", err)
		return exitFailed
	}
	fmt.Fprintf(stderr, "rush: %v\nsee: %s --help\n", err, commandPath(root, args))
	return exitUsage
}

// commandPath is the command that the arguments name, for the hint at its help.
func commandPath(root *cobra.Command, args []string) string {
	if cmd, _, err := root.Find(args); err == nil {
		return cmd.CommandPath()
	}
	return root.CommandPath()
}

// An exitError ends the program with a code; err, if any, is printed first.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e exitError) Unwrap() error { return e.err }
