package loops

// A Goal says what is wanted of an output.
type Goal string

// The goals.
const (
	Minimize Goal = "minimize"
	Maximize Goal = "maximize"
)

// A Target is an output that the search is about.
type Target struct {
	Name string `json:"name"`
	Goal Goal   `json:"goal"`
}

// A Codomain lists the targets, in the order in which they were named. None
// means that every output is recorded as it is, NaN too, and that no point is
// better than another.
type Codomain []Target

// Has reports whether name is a target.
func (c Codomain) Has(name string) bool {
	for _, t := range c {
		if t.Name == name {
			return true
		}
	}
	return false
}

// Better reports whether a is better than b for the target.
func (t Target) Better(a, b float64) bool {
	if t.Goal == Maximize {
		return a > b
	}
	return a < b
}
