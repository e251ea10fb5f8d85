// Package functions has objectives with a known answer, for trying searches out
// and for measuring them.
//
// Begin with [ByName]; [Names] lists what there is:
//
//	f, ok := functions.ByName("branin")
//	ys, err := f.Evaluate(ctx, rush.Values{"x1": 3.14, "x2": 2.275}) // ys["y"] is about 0.3979
//
// [Branin], [Hartmann6], [Rosenbrock], [Ackley], [Rastrigin], [Himmelblau] and
// [Sphere] are plain functions of numbers as well. sleep does nothing but take
// time.
//
// Values are those of package math, which may differ between architectures in
// their last bits.
package functions
