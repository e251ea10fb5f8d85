package search_test

import (
	"context"
	"fmt"

	"github.com/rushnet/rush/search"
)

func ExampleParse() {
	file, err := search.Parse("search.yaml", []byte(`
network: branin
seed: 42
objective: {builtin: branin}
terminate: {evals: 200}
`), "terminate.evals=500")
	if err != nil {
		fmt.Println(err)
		return
	}
	d := file.Definition
	fmt.Println(file.Network, d.Loop.Name, d.Limit())
	fmt.Print(d.Space)
	// Output:
	// branin async_mbo 500
	// x1: a number from -5 to 10
	// x2: a number from 0 to 15
}

func ExampleError() {
	_, err := search.Parse("search.yaml", []byte("objective: {builtin: branin}\nterminate: {evalz: 200}\n"))
	fmt.Println(err)
	// Output:
	// search.yaml:2:13: terminate.evalz: there is no such field; did you mean evals?
	//     2 | terminate: {evalz: 200}
	//       |             ^
}

func ExampleDefinition_Try() {
	file, err := search.Parse("search.yaml", []byte("seed: 42\nobjective: {builtin: sphere}\nterminate: none\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	trial, err := file.Definition.Try(context.Background(), search.Build{}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f, %.3f: %.3f, %v\n", trial.XS["x1"], trial.XS["x2"], trial.YS["y"], trial)
	// Output:
	// 5.064, 1.746: 28.696, finished
}
