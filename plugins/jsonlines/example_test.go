//go:build unix

package jsonlines_test

import (
	"context"
	"fmt"
	"os/exec"
	"time"

	"github.com/rushnet/rush/plugins/jsonlines"
)

func ExampleStart() {
	ctx := context.Background()
	script := `while read -r line; do echo "I was asked"; echo '{"ys":{"y":1.25}}'; done`
	c, err := jsonlines.Start(exec.Command("sh", "-c", script), &jsonlines.Options{
		Names:  []string{"ys"},
		Output: func(stream, line string) { fmt.Println(stream, "|", line) },
	})
	if err != nil {
		panic(err)
	}
	if err := c.Send(ctx, []byte(`{"xs":{"x1":0.5}}`)); err != nil {
		panic(err)
	}
	answer, err := c.Receive(ctx)
	fmt.Println(answer, err)
	fmt.Println(c.End(time.Minute))
	// Output:
	// stdout | I was asked
	// map[ys:map[y:1.25]] <nil>
	// exit code 0
}
