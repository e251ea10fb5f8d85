package space_test

import (
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

var forest = space.MustNew(
	space.Param{Name: "trees", Type: space.Int, Lower: 10, Upper: 1000, Log: true},
	space.Param{Name: "share", Type: space.Dbl, Lower: 0.1, Upper: 1},
	space.Param{Name: "rule", Type: space.Fct, Levels: []any{"gini", "entropy"}},
)

func Example() {
	stream := seeds.New(42)
	for i := range int64(3) {
		fmt.Println(forest.Sample(stream.Task(i).Proposal().Generator()))
	}
	// Output:
	// map[rule:gini share:0.7034918000284337 trees:976]
	// map[rule:gini share:0.7722094425977125 trees:10]
	// map[rule:entropy share:0.6173819724040689 trees:278]
}

func ExampleSpace_Grid() {
	grid, err := forest.Grid(space.Resolution{Each: 2, Of: map[string]int{"trees": 3}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(grid.Len(), grid.Row(0), grid.Row(4))
	// Output:
	// 12 map[rule:gini share:0.1 trees:10] map[rule:gini share:0.1 trees:100]
}

func ExampleSpace_Check() {
	fmt.Println(forest.Check(rush.Values{"trees": 100, "share": 0.5, "rule": "ginni"}))
	fmt.Println(forest.Check(rush.Values{"tree": 100, "share": 0.5, "rule": "gini"}))
	// Output:
	// rule: expected one of "gini", "entropy", found the text "ginni"; did you mean gini?
	// tree: the space has no such parameter; did you mean trees?
}

func ExampleSpace_Coerce() {
	point, err := forest.Coerce(rush.Values{"trees": "100", "share": 1, "rule": "gini"})
	fmt.Println(point, err)
	// Output:
	// map[rule:gini share:1 trees:100] <nil>
}

func ExampleNew() {
	_, err := space.New(space.Param{Name: "lr", Type: space.Dbl, Lower: 0, Upper: 1, Log: true})
	fmt.Println(err)
	// Output:
	// lr: expected lower above 0 on a log scale, found 0; raise it, or remove log
}
