// Package jsonlines talks with a program in JSON lines: one JSON object a line,
// on the program's stdin and stdout. Objectives and loops of languages without
// gRPC are made of it; docs/json-lines.md says what the lines mean.
//
// Begin with [Start], then send and receive, and end with [Conn.End] or
// [Conn.Stop]:
//
//	c, err := jsonlines.Start(exec.Command("python3", "f.py"), &jsonlines.Options{Names: []string{"ys"}})
//	if err != nil { ... }
//	err = c.Send(ctx, []byte(`{"xs":{"x1":0.5}}`))
//	answer, err := c.Receive(ctx) // {"ys":{"y":1.25}}
//	exit := c.End(time.Second)
//
// What the program prints beside its messages, on stdout or stderr, before,
// between or after them, is passed on line by line and disturbs nothing. The
// program runs in a process group of its own, and nothing of the group is left
// when it has ended; see internal/process.
package jsonlines
