//go:build unix

package command_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/command"
	"github.com/rushnet/rush/seeds"
)

// A program that cannot be changed is given its input by a placeholder, and its
// output is found by a regular expression.
func Example() {
	objective, err := command.New(command.Spec{
		Command: []string{"sh", "-c", `echo "starting"; echo "energy = $(($1 * $1))"`, "sim", "{{x}}"},
		Answer:  &command.Answer{Regex: map[string]string{"energy": `energy = (\S+)`}},
	}, ".", loops.Codomain{{Name: "energy", Goal: loops.Minimize}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	ys, err := objective.Evaluate(context.Background(), &loops.Evaluation{
		XS: rush.Values{"x": 12}, Network: "squares", Worker: "w1", Attempt: 1,
		Stream: seeds.New(1), Log: slog.New(slog.DiscardHandler),
	})
	fmt.Println(ys, err)
	// Output: map[energy:144] <nil>
}
