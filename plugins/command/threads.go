package command

import (
	"runtime"
	"strconv"
)

// threadLimits are the variables by which numeric libraries are told how many
// threads to use. Each of them takes all cores by itself otherwise, in every one
// of the workers.
func threadLimits() []string {
	return []string{
		"OMP_NUM_THREADS", // OpenMP: most of what is written in C, C++ and Fortran
		"OPENBLAS_NUM_THREADS",
		"MKL_NUM_THREADS",
		"BLIS_NUM_THREADS",
		"VECLIB_MAXIMUM_THREADS", // Apple's Accelerate
		"NUMEXPR_NUM_THREADS",
		"NUMBA_NUM_THREADS",
		"LOKY_MAX_CPU_COUNT", // joblib, so scikit-learn's n_jobs=-1
		"RAYON_NUM_THREADS",  // Rust
		"POLARS_MAX_THREADS",
		"JULIA_NUM_THREADS",
		"R_DATATABLE_NUM_THREADS",
	}
}

// limitThreads returns the variables that set the limit and are not set already.
func limitThreads(threads int, set func(name string) bool) []string {
	var vars []string
	for _, name := range threadLimits() {
		if threads > 0 && !set(name) {
			vars = append(vars, name+"="+strconv.Itoa(threads))
		}
	}
	return vars
}

// threadsOf shares the cores among the workers, a thread each at least.
func threadsOf(workers int) int { return max(1, runtime.NumCPU()/workers) }
