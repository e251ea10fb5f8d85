package expression

import "strconv"

// A Kind is what the values of a name are.
type Kind int

// The kinds.
const (
	Any     Kind = iota // more than one of the others, or nil
	Number              // float64
	Integer             // int64
	Bool
	Text
)

// zero is a value that has the kind's type.
func (k Kind) zero() any {
	switch k {
	case Number:
		return 0.0
	case Integer:
		return int64(0)
	case Bool:
		return false
	case Text:
		return ""
	}
	return nil
}

// String names the kind for people.
func (k Kind) String() string {
	switch k {
	case Number:
		return "a number"
	case Integer:
		return "an integer"
	case Bool:
		return "true or false"
	case Text:
		return "a text"
	}
	return "a value"
}

func itoa(i int) string { return strconv.Itoa(i) }
