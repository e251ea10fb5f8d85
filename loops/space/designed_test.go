package space_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

func ExampleSpace_Sobol() {
	design := forest.Sobol(seeds.New(42))
	for i := range int64(2) {
		fmt.Println(forest.FromUnit(design.At(i)))
	}
	// Output:
	// map[rule:gini share:0.5418256098055281 trees:43]
	// map[rule:entropy share:0.843371793848928 trees:422]
}

// One place in every interval of every coordinate: what makes it Latin.
func TestALatinHypercubeHasEachIntervalOnce(t *testing.T) {
	t.Parallel()
	const n = 37
	s := space.MustNew(
		space.Param{Name: "a", Type: space.Dbl, Upper: 1},
		space.Param{Name: "b", Type: space.Int, Upper: 9},
		space.Param{Name: "c", Type: space.Lgl},
	)
	seen := map[[2]int]bool{}
	for _, u := range s.LatinHypercube(n, seeds.New(1).Generator()) {
		for k, x := range u {
			seen[[2]int{k, int(x * n)}] = true
		}
	}
	if len(seen) != 3*n {
		t.Errorf("%d of %d intervals have a place", len(seen), 3*n)
	}
	if got := s.LatinHypercube(0, seeds.New(1).Generator()); len(got) != 0 {
		t.Errorf("none are %v", got)
	}
}

func TestDesignsKeepToTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := dependent().Draw(t, "space")
		stream := seeds.New(rapid.Int32().Draw(t, "seed"))
		places := s.LatinHypercube(7, stream.Generator())
		design := s.Sobol(stream)
		for i := range int64(7) {
			places = append(places, design.At(i))
		}
		for _, u := range places {
			point := s.FromUnit(u)
			if err := s.Check(point); err != nil {
				t.Fatal(err)
			}
			for i, p := range s.Params() {
				if _, active := point[p.Name]; active == math.IsNaN(u[i]) {
					t.Fatalf("%s is at %v in %v", p.Name, u[i], point)
				}
			}
		}
		again := s.Sobol(stream).At(3)
		if diff := cmp.Diff(design.At(3), again, near); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Half of the unit square, and the points in it are spread over all of it.
func TestSobolUnderAConstraint(t *testing.T) {
	t.Parallel()
	s, err := space.MustNew(
		space.Param{Name: "a", Type: space.Dbl, Upper: 1},
		space.Param{Name: "b", Type: space.Dbl, Upper: 1},
	).Constrain("a + b <= 1")
	if err != nil {
		t.Fatal(err)
	}
	const n = 1024
	design, mean := s.Sobol(seeds.New(1)), 0.0
	for i := range int64(n) {
		u := design.At(i)
		if u[0]+u[1] > 1 {
			t.Fatalf("%v violates the constraint", u)
		}
		mean += u[0] / n
	}
	if math.Abs(mean-1.0/3) > 0.015 {
		t.Errorf("the mean is %v, want that of the triangle, 1/3", mean)
	}
}
