package functions_test

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/functions"
)

func Example() {
	f, _ := functions.ByName("branin")
	fmt.Print(f.Space)
	ys, err := f.Evaluate(context.Background(), rush.Values{"x1": 9.42478, "x2": 2.475})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Printf("found %.4f of %.4f\n", ys[functions.Output], f.Optimum)
	// Output:
	// x1: a number from -5 to 10
	// x2: a number from 0 to 15
	// found 0.3979 of 0.3979
}

func ExampleFunction_InDim() {
	f, _ := functions.ByName("rosenbrock")
	f, err := f.InDim(5)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(f.Space.Names(), f.Optima)
	// Output:
	// [x1 x2 x3 x4 x5] [map[x1:1 x2:1 x3:1 x4:1 x5:1]]
}
