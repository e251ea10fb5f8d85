package importance

import (
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/forest"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// Data are finished tasks as a forest learns them: where they lie in the space,
// and one of their outputs. They are made by [New] and used by one goroutine.
type Data struct {
	Space  space.Space
	Target string // the name of the output, or of an extra output

	X [][]float64 // places in the unit cube, NaN where a parameter is inactive
	Y []float64
	// Left is how many tasks were left out: they are not in the space, or their
	// output is no finite number.
	Left int
}

// New returns data without tasks.
func New(sp space.Space, target string) *Data { return &Data{Space: sp, Target: target} }

// Add adds a finished task; it reports whether it could be used.
func (d *Data) Add(t *rush.Task) bool {
	v, ok := t.YS[d.Target]
	if !ok {
		v = t.YSExtra[d.Target]
	}
	y, ok := number(v)
	if !ok {
		d.Left++
		return false
	}
	x, err := d.Space.ToUnit(t.XS)
	if err != nil {
		d.Left++
		return false
	}
	d.X, d.Y = append(d.X, x), append(d.Y, y)
	return true
}

// number is an output that can be learned.
func number(v any) (float64, bool) {
	var y float64
	switch v := v.(type) {
	case float64:
		y = v
	case int64:
		y = float64(v)
	case bool:
		if v {
			y = 1
		}
	default:
		return 0, false
	}
	return y, math.Abs(y) < 1e100 // NaN is not
}

// most is how many tasks a forest learns.
const most = 2000

// thin returns the data, or every few of them if they are more than most.
func (d *Data) thin(most int) (x [][]float64, y []float64) {
	n := len(d.Y)
	if n <= most {
		return d.X, d.Y
	}
	for i := range most {
		k := i * n / most
		x, y = append(x, d.X[k]), append(y, d.Y[k])
	}
	return x, y
}

// inputs describes the parameters for a forest.
func (d *Data) inputs() []forest.Input {
	params := d.Space.Params()
	inputs := make([]forest.Input, len(params))
	for i, p := range params {
		switch p.Type {
		case space.Fct:
			inputs[i].Levels = len(p.Levels)
		case space.Lgl:
			inputs[i].Levels = 2
		}
	}
	return inputs
}

// settled returns places with a random coordinate for each inactive parameter.
func settled(x [][]float64, g *seeds.Generator) [][]float64 {
	out := make([][]float64, len(x))
	for i, row := range x {
		out[i] = slices.Clone(row)
		for k, u := range row {
			if math.IsNaN(u) {
				out[i][k] = g.Float64()
			}
		}
	}
	return out
}

// generator is for what chance has a part in: the same each time.
func generator() *seeds.Generator { s := seeds.New(1); return s.Generator() }
