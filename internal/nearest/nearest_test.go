package nearest

import "testing"

func TestHint(t *testing.T) {
	t.Parallel()
	many := []string{"a1", "b2", "c3", "d4", "e5", "f6", "g7", "h8", "i9", "j10", "k11", "l12", "m13", "n14", "o15", "p16", "q17"}
	for _, tc := range []struct {
		name  string
		known []string
		want  string
	}{
		{"evalz", []string{"run_time", "evals"}, "; did you mean evals?"},
		{"Evals", []string{"run_time", "evals"}, "; did you mean evals?"},
		{"über", []string{"uber", "unter"}, "; did you mean uber?"},
		{"z", []string{"evals", "run_time"}, "; there are evals, run_time"},
		{"z", []string{"y", "x"}, "; there are y, x"},
		{"Y", []string{"y", "x"}, "; did you mean y?"},
		{"z", nil, "; there are none"},
		{"zzzzzz", many, "; there are a1, b2, c3, d4, e5, f6, g7, h8, i9, j10, k11, l12, m13, n14, o15, p16, ..."},
	} {
		if got := Hint(tc.name, tc.known); got != tc.want {
			t.Errorf("Hint(%q, %q) = %q, want %q", tc.name, tc.known, got, tc.want)
		}
	}
}

func TestEditsAreSymmetricAndCountChanges(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}} {
		if got, back := edits(tc.a, tc.b), edits(tc.b, tc.a); got != tc.want || back != tc.want {
			t.Errorf("edits(%q, %q) = %d and back %d, want %d", tc.a, tc.b, got, back, tc.want)
		}
	}
}
