package seeds

// NormalQuantile, Logarithm and the two shuffles are open to the tests only.
var (
	NormalQuantile = normalQuantile
	Logarithm      = logarithm
	Shuffle        = (*Generator).sampleShuffling
	ShuffleSparse  = (*Generator).sampleShufflingSparsely
)
