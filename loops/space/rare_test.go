package space_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

func dbls(names ...string) []space.Param {
	var params []space.Param
	for _, name := range names {
		params = append(params, space.Param{Name: name, Type: space.Dbl, Lower: 0, Upper: 1})
	}
	return params
}

func ints(upper float64, names ...string) []space.Param {
	var params []space.Param
	for _, name := range names {
		params = append(params, space.Param{Name: name, Type: space.Int, Lower: 0, Upper: upper})
	}
	return params
}

// Of these spaces, random points keep to the constraints less than once in 100,000
// times. All of them are found to have points, and samples, places of a design and mended ones
// keep to the constraints.
func TestSpacesWithFewPoints(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		params      []space.Param
		constraints []string
	}{
		"a thin diagonal":       {dbls("a", "b"), []string{"abs(a - b) < 1e-6"}},
		"a small corner":        {dbls("a", "b", "c", "d", "e"), []string{"a + b + c + d + e <= 0.1"}},
		"a product of integers": {ints(3000, "a", "b"), []string{"a * b >= 8990000"}},
		"a sum of integers":     {ints(1e6, "a", "b", "c"), []string{"a + b + c == 1500000"}},
		"an order":              {dbls("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"), []string{"a < b", "b < c", "c < d", "d < e and e < f", "f < g", "not (g >= h)", "h < i", "i < j"}},
		"in other units":        {append(dbls("a"), space.Param{Name: "b", Type: space.Dbl, Lower: 0, Upper: 1e9}), []string{"b > 1e9 * a - 1e3", "b < 1e9 * a + 1e3", "a > 0.99"}},
		"two small islands":     {dbls("a", "b"), []string{"a < 0.001 or a > 0.999", "b < 0.001 or b > 0.999", "a + b < 1.5"}},
		"a category":            {append(dbls("a", "b", "c"), space.Param{Name: "k", Type: space.Fct, Levels: []any{"x", "y", "z"}}), []string{`k == "y"`, "a + b + c > 2.95"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := space.MustNew(c.params...).Constrain(c.constraints...)
			if err != nil {
				t.Fatal(err)
			}
			g := seeds.New(7).Generator()
			design := s.Sobol(seeds.New(8))
			distinct := map[string]bool{}
			for i := range int64(15) {
				point := s.Sample(g)
				distinct[fmt.Sprint(point)] = true
				u := make([]float64, s.Len())
				for k := range u {
					u[k] = g.Float64()
				}
				for what, point := range map[string]map[string]any{"a sample": point, "of a design": s.FromUnit(design.At(i)), "mended": s.FromUnit(s.Mend(u, g))} {
					if err := s.Check(point); err != nil {
						t.Fatalf("%s: %v", what, err)
					}
				}
			}
			if len(distinct) < 10 {
				t.Errorf("15 samples have %d points", len(distinct))
			}
		})
	}
}

// A walk among the points is uniform where they hang together: in a simplex of which
// random points are one of 8! = 40,320, each coordinate has the mean 1/9 of the sum's
// bound, and the second moment 2/90 of its square (Dirichlet's integral).
func TestSamplesOfASmallPartAreUniform(t *testing.T) {
	t.Parallel()
	s, err := space.MustNew(dbls("a", "b", "c", "d", "e", "f", "g", "h")...).Constrain("a + b + c + d + e + f + g + h <= 1")
	if err != nil {
		t.Fatal(err)
	}
	g := seeds.New(3).Generator()
	const n = 200
	mean, square := 0.0, 0.0
	for range n {
		for _, v := range s.Sample(g) {
			mean += v.(float64) / (8 * n)
			square += v.(float64) * v.(float64) / (8 * n)
		}
	}
	// The second moment is 2/(9·10).
	if math.Abs(mean-1.0/9) > 0.008 || math.Abs(square-2.0/90) > 0.005 {
		t.Errorf("the mean is %v, expected %v; the second moment %v, expected %v", mean, 1.0/9, square, 2.0/90)
	}
}

// A parameter that is hardly ever active is no mistake, and all points of a small space
// are looked at before one is said to have none.
func TestWhatIsRareIsNoMistake(t *testing.T) {
	t.Parallel()
	params := append(dbls("a", "b"),
		space.Param{Name: "c", Type: space.Dbl, Lower: 0, Upper: 1, Depends: "a > 0.9999 and b < 0.0001"},
		space.Param{Name: "d", Type: space.Lgl, Depends: "c > 0.9999"})
	if _, err := space.New(params...); err != nil {
		t.Error(err)
	}
	_, err := space.MustNew(ints(40, "a", "b", "c")...).Constrain("a == 39", "b == 1", "c * c == 38 * 38 + 1")
	if want := "none of the 68921 points of the space keeps to it, as if no point could; relax it"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, expected %s", err, want)
	}
	s, err := space.MustNew(ints(40, "a", "b", "c")...).Constrain("a == 39", "b == 1", "c % 41 == 38")
	if err != nil || s.Cardinality() != 1 || s.Sample(seeds.New(1).Generator())["c"] != int64(38) {
		t.Errorf("got %v; expected the one point", err)
	}
}

// What a person gives of a point is completed where few completions do.
func TestCompletionsThatAreRare(t *testing.T) {
	t.Parallel()
	s, err := space.MustNew(dbls("a", "b", "c")...).Constrain("abs(a - b) < 1e-6", "c > a")
	if err != nil {
		t.Fatal(err)
	}
	point, err := s.Complete(map[string]any{"a": 0.123}, seeds.New(1).Generator())
	if err != nil || point["a"] != 0.123 || s.Check(point) != nil {
		t.Errorf("got %v, %v", point, err)
	}
}
