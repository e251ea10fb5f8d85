package forest

import "math"

// A view is what one tree says when most inputs are averaged out, exactly, from
// the volumes of its leaves (Hutter, Hoos and Leyton-Brown 2014, algorithm 1).
type view struct {
	inputs []Input
	axes   []axis
	boxes  []box
	mean   float64
	// effect is the expectation in each cell of an axis, less the mean.
	effect [][]float64
	grid   []float64
}

func newView(t *tree) *view {
	v := &view{inputs: t.inputs, axes: t.axes()}
	v.boxes = t.boxes(v.axes)
	shift := t.leaves[0].mean
	for _, b := range v.boxes {
		v.mean += b.volume * (b.value - shift)
	}
	v.mean += shift
	v.effect = make([][]float64, len(v.axes))
	for k := range v.axes {
		v.effect[k] = v.effects(k)
	}
	return v
}

func (v *view) effects(k int) []float64 {
	out := make([]float64, len(v.axes[k].weight)+1)
	for _, b := range v.boxes {
		s := b.sides[k]
		part := (b.value - v.mean) * b.volume / s.measure
		for _, r := range s.runs { // differences, to be summed up
			out[r.from] += part
			out[r.to] -= part
		}
	}
	sum := 0.0
	for c, d := range out {
		sum += d
		out[c] = sum
	}
	return out[:len(out)-1]
}

// at is the effect of an input at a coordinate.
func (v *view) at(input int, u float64) float64 {
	return v.effect[input][v.axes[input].cell(v.inputs[input], u)]
}

// surface adds to out, row by row, the expectation at some coordinates of two
// inputs, less the mean, times a factor.
func (v *view) surface(i, j int, us, vs []float64, factor float64, out []float64) {
	width := v.cells(i, j)
	columns := make([]int, len(vs))
	for k, u := range vs {
		columns[k] = v.axes[j].cell(v.inputs[j], u)
	}
	for r, u := range us {
		row := v.grid[v.axes[i].cell(v.inputs[i], u)*width:]
		for k, c := range columns {
			out[r*len(vs)+k] += factor * row[c]
		}
	}
}

// cells fills the grid with the expectation in each cell of two axes, and returns
// how wide a row of it is.
func (v *view) cells(i, j int) int {
	height, width := len(v.axes[i].weight)+1, len(v.axes[j].weight)+1
	if cap(v.grid) < height*width {
		v.grid = make([]float64, height*width)
	}
	v.grid = v.grid[:height*width]
	clear(v.grid)
	for _, b := range v.boxes {
		s, t := b.sides[i], b.sides[j]
		part := (b.value - v.mean) * b.volume / (s.measure * t.measure)
		for _, p := range s.runs {
			above, below := v.grid[p.from*width:], v.grid[p.to*width:]
			for _, q := range t.runs {
				above[q.from] += part
				above[q.to] -= part
				below[q.from] -= part
				below[q.to] += part
			}
		}
	}
	for c := range height {
		row := v.grid[c*width : (c+1)*width]
		sum := 0.0
		for k := range row {
			sum += row[k]
			row[k] = sum
			if c > 0 {
				row[k] += v.grid[(c-1)*width+k]
			}
		}
	}
	return width
}

// Marginal returns the forest's expectation at each of some coordinates of an
// input, over all the others, and the standard deviation of its trees'
// expectations. NaN is where the input is inactive.
func (f *Forest) Marginal(input int, at []float64) (mean, sd []float64) {
	mean, sd = make([]float64, len(at)), make([]float64, len(at))
	for i, t := range f.trees {
		v := newView(t)
		for k, u := range at {
			y := v.mean + v.at(input, u)
			off := y - mean[k]
			mean[k] += off / float64(i+1)
			sd[k] += off * (y - mean[k])
		}
	}
	for k := range sd {
		sd[k] = math.Sqrt(sd[k] / float64(len(f.trees)))
	}
	return mean, sd
}
