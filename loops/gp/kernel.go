package gp

import "math"

// An Input is what a coordinate of a place means. The zero value is a number in
// [0, 1].
type Input struct {
	// Category says that coordinates only are equal or not.
	Category bool
	// Conditional says that a number may be inactive, NaN. A category may always.
	Conditional bool
}

// beside is how far from the range an inactive parameter is taken to lie, beside
// the middle of it.
const beside = 0.5

// A layout says how places are laid out for the kernel: numbers first, then
// categories.
type layout struct {
	numbers, categories []column
	inputs              int
}

// A column is a coordinate of the kernel's: input's value or, with activity,
// whether it has one.
type column struct {
	input    int
	activity bool
}

func newLayout(inputs []Input) layout {
	l := layout{inputs: len(inputs)}
	for i, in := range inputs {
		switch {
		case in.Category:
			l.categories = append(l.categories, column{input: i})
		case in.Conditional:
			l.numbers = append(l.numbers, column{input: i}, column{input: i, activity: true})
		default:
			l.numbers = append(l.numbers, column{input: i})
		}
	}
	return l
}

func (l *layout) width() int { return len(l.numbers) + len(l.categories) }

// place lays out x into to.
func (l *layout) place(to, x []float64) {
	for k, c := range l.numbers {
		to[k] = c.of(x[c.input])
	}
	to = to[len(l.numbers):]
	for k, c := range l.categories {
		if to[k] = x[c.input]; math.IsNaN(to[k]) {
			to[k] = -1
		}
	}
}

func (c column) of(v float64) float64 {
	switch active := !math.IsNaN(v); {
	case c.activity && active:
		return 0
	case c.activity:
		return beside
	case active:
		return v
	}
	return 0.5
}

// weights returns the squared inverse of the lengthscale of each column.
func (l *layout) weights(length []float64) []float64 {
	w := make([]float64, 0, l.width())
	for _, c := range l.numbers {
		w = append(w, 1/(length[c.input]*length[c.input]))
	}
	for _, c := range l.categories {
		w = append(w, 1/(length[c.input]*length[c.input]))
	}
	return w
}

// square returns the squared scaled distance of two places.
func (l *layout) square(a, b, weights []float64) float64 {
	n, sum := len(l.numbers), 0.0
	for k, w := range weights[:n] {
		d := a[k] - b[k]
		sum += d * d * w
	}
	for k := n; k < len(weights); k++ {
		if a[k] != b[k] {
			sum += weights[k]
		}
	}
	return sum
}

// matern is the correlation at a squared distance, and slope the derivative by
// it, times -2.
func matern(square float64) (value, slope float64) {
	s := math.Sqrt(5 * square)
	e := math.Exp(-s)
	return (1 + s + s*s/3) * e, 5.0 / 3 * (1 + s) * e
}

// input returns the input of a column, counted over numbers and categories.
func (l *layout) input(column int) int {
	if column < len(l.numbers) {
		return l.numbers[column].input
	}
	return l.categories[column-len(l.numbers)].input
}
