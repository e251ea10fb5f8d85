// Package space describes what a search looks through: a list of parameters,
// each a range of numbers or a list of levels, after the R package paradox.
//
// Begin with [New]. A point is a rush.Values with a value for each parameter,
// in natural units whatever the scale on which it was chosen: float64 for dbl,
// int64 for int, a level for fct, bool for lgl.
//
//	s, err := space.New(
//		space.Param{Name: "lr", Type: space.Dbl, Lower: 1e-5, Upper: 1, Log: true},
//		space.Param{Name: "layers", Type: space.Int, Lower: 1, Upper: 8},
//		space.Param{Name: "kernel", Type: space.Fct, Levels: []any{"rbf", "linear"}},
//	)
//	point := s.Sample(stream.Proposal().Generator())
//
// Points come from [Space.Sample], [Space.Grid], [Space.ReadDesign] and, for
// optimizers, [Space.FromUnit]. [Space.Check] says whether a point lies in a
// space and [Space.Coerce] reads the forms that points have in files.
//
// # The same points everywhere
//
// The mapping from random numbers to points, which [Space.Sample] documents, is
// part of what a seed means and does not change: not with the version, and not
// with the machine. For this the package has a logarithm and an exponential of
// its own, which, unlike those of package math, have the same bits on every
// architecture.
//
// # Concurrency
//
// A [Space] never changes and may be shared by any number of goroutines. Its
// zero value is a space without parameters. Levels that are lists or maps are
// shared with the points that hold them and must not be changed.
package space
