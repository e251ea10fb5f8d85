// Package examples has the adapters of examples/jsonlines at hand, which rush new
// copies beside a program. The examples themselves are in directories below.
package examples

import "embed"

//go:embed jsonlines/rush_loop.* jsonlines/rush_objective.*
var files embed.FS

// Adapter is the content of a file that connects a program with rush, such as
// jsonlines/rush_loop.py.
func Adapter(name string) ([]byte, error) { return files.ReadFile(name) }
