package gp

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/floats"
)

// errSingular says that a matrix has no Cholesky factor.
var errSingular = errors.New("the covariance matrix is not positive definite")

// A triangle is a lower triangular matrix, as rows: row i has i+1 elements. It
// grows by rows, which moves none of those that are there.
type triangle [][]float64

// extend appends a row of the Cholesky factor, of a matrix of which the row, up
// to the diagonal, is given; it takes the row over.
func (l *triangle) extend(row []float64) error {
	n := len(*l)
	for j, lj := range *l {
		row[j] = (row[j] - floats.Dot(row[:j], lj[:j])) / lj[j]
	}
	d := row[n] - floats.Dot(row[:n], row[:n])
	if !(d > 1e-14*row[n]) {
		return errSingular
	}
	row[n] = math.Sqrt(d)
	*l = append(*l, row)
	return nil
}

// factor makes the Cholesky factor of the rows in their place.
func factor(rows [][]float64) (triangle, error) {
	l := triangle(rows[:0])
	for _, row := range rows {
		if err := l.extend(row); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// solve replaces b by the solution of Lx = b.
func (l triangle) solve(b []float64) {
	for i, row := range l {
		b[i] = (b[i] - floats.Dot(row[:i], b[:i])) / row[i]
	}
}

// solveT replaces b by the solution of L'x = b.
func (l triangle) solveT(b []float64) {
	for i := len(l) - 1; i >= 0; i-- {
		row := l[i]
		b[i] /= row[i]
		floats.AddScaled(b[:i], -b[i], row[:i])
	}
}

// logDet is the logarithm of the determinant of LL'.
func (l triangle) logDet() float64 {
	sum := 0.0
	for i, row := range l {
		sum += math.Log(row[i])
	}
	return 2 * sum
}

// inverse writes the lower triangle of the inverse of LL' into out, with the
// inverse of L in work.
func (l triangle) inverse(out, work triangle) {
	for i, row := range l {
		w := work[i]
		clear(w)
		for k := range i {
			floats.AddScaled(w[:k+1], -row[k], work[k])
		}
		w[i] = 1
		floats.Scale(1/row[i], w)
	}
	for i := range l {
		clear(out[i])
	}
	for _, w := range work[:len(l)] {
		for i, wi := range w {
			floats.AddScaled(out[i], wi, w[:i+1])
		}
	}
}

// newTriangle returns a triangle of n rows, in one piece of memory.
func newTriangle(n int) triangle {
	all := make([]float64, n*(n+1)/2)
	t := make(triangle, n)
	for i := range t {
		t[i], all = all[:i+1:i+1], all[i+1:]
	}
	return t
}
