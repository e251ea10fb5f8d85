package gp_test

import (
	"fmt"
	"math"

	"github.com/rushnet/rush/loops/gp"
)

// A process learns a curve from nine points of it.
func Example() {
	var x [][]float64
	var y []float64
	for i := range 9 {
		u := float64(i) / 8
		x, y = append(x, []float64{u}), append(y, math.Sin(6*u))
	}
	r := gp.New([]gp.Input{{}})
	params, err := r.Fit(x, y, nil, gp.Effort{})
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := r.Condition(x, y, params)
	if err != nil {
		fmt.Println(err)
		return
	}
	mean, variance := p.Predict([]float64{0.3})
	fmt.Printf("%.2f, expected %.2f; certain: %t\n", p.Warp.Inverse(mean), math.Sin(6*0.3), variance < 0.01)
	// Output: 0.97, expected 0.97; certain: true
}
