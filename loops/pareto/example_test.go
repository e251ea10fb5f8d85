package pareto_test

import (
	"fmt"

	"github.com/rushnet/rush/loops/pareto"
)

// Errors and seconds of four models: the third is dominated by the second.
func Example() {
	models := [][]float64{{0.10, 9}, {0.15, 4}, {0.20, 5}, {0.40, 1}}
	reference := []float64{1, 10}
	fmt.Println("Pareto set:", pareto.Front(models))
	fmt.Println("fronts:", pareto.Sort(models))
	fmt.Printf("hypervolume: %.2f\n", pareto.Hypervolume(models, reference))
	fmt.Printf("lost without each: %.2f\n", pareto.Contributions(models, reference))
	// Output:
	// Pareto set: [0 1 3]
	// fronts: [[0 1 3] [2]]
	// hypervolume: 6.95
	// lost without each: [0.05 0.45 0.00 1.80]
}
