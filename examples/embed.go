// Package examples has the files at hand that connect programs with rush, from
// examples/jsonlines and examples/python, which rush new copies beside a program. The
// examples themselves are in directories below.
package examples

import "embed"

//go:embed jsonlines/rush_loop.* jsonlines/rush_objective.* python/rush_*.py python/rushpb/*.py
var files embed.FS

// Adapter is the content of a file that connects a program with rush, such as
// jsonlines/rush_loop.py.
func Adapter(name string) ([]byte, error) { return files.ReadFile(name) }

// PythonOverGRPC are the files that connect a program in Python with rush over gRPC,
// by their paths beside it.
func PythonOverGRPC() []string {
	names := []string{"rush_plugin.py", "rush_worker.py"}
	for _, module := range []string{"catalog", "evaluator", "goplugin", "host", "loop"} {
		names = append(names, "rushpb/"+module+"_pb2.py", "rushpb/"+module+"_pb2_grpc.py")
	}
	return names
}
