package seeds_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/rushnet/rush/seeds"
)

func Example() {
	network := seeds.New(42)
	task := network.Task(0)

	proposal := task.Proposal().Generator()
	fmt.Printf("x = %.6f\n", proposal.Runif(-5, 5))
	fmt.Println("seed of the objective:", task.Objective())

	// Output:
	// x = 4.945460
	// seed of the objective: 10407,-94575036,-24861725,357812871,346211554,-1301022835,440649733
}

func ExampleParseString() {
	s, err := seeds.ParseString("10407,-94575036,-24861725,357812871,346211554,-1301022835,440649733")
	fmt.Println(s == seeds.New(42).Task(0), err)

	_, err = seeds.ParseString("10407,1,2,3,0,0,0")
	fmt.Println(err)

	// Output:
	// true <nil>
	// not an L'Ecuyer-CMRG stream: the three words of the second component are all 0, expected at least one that is not
}

// In R: set.seed(42, kind = "L'Ecuyer-CMRG"); runif(1); rnorm(1); rexp(1); sample.int(10, 3).
func ExampleGenerator() {
	g := seeds.New(42).Generator()
	fmt.Printf("%.7f\n", g.Float64())
	fmt.Printf("%.7f\n", g.Norm())
	fmt.Printf("%.7f\n", g.Exp())
	fmt.Println(g.SampleInt(10, 3))

	// Output:
	// 0.1738456
	// 0.1376465
	// 0.4749661
	// [9 5 3]
}

func ExampleGenerator_Uint64() {
	r := rand.New(seeds.New(42).Task(17).Proposal().Generator())
	fmt.Println(r.IntN(100), r.Perm(5))

	// Output:
	// 68 [2 0 1 3 4]
}

func ExampleStream_Int31() {
	task := seeds.New(42).Task(17)
	fmt.Println("--seed", task.Objective().Int31())

	// Output:
	// --seed 1715182492
}
