package search_test

import (
	"strings"
	"testing"

	"github.com/rushnet/rush/search"
)

// rules is a search file with all that a space may say beside its ranges.
const rules = `
objective: {command: [sh, train.sh]}
space:
  svm.kernel: {type: fct, levels: [rbf, poly, linear], default: rbf}
  svm.degree: {type: int, lower: 1, upper: 5, depends: svm.kernel == "poly"}
  cost: {type: dbl, lower: -3, upper: 3, trafo: 10^x}
  depth: {type: int, lower: 1, upper: 32, special: [null, auto], default: null}
  units1: {type: int, lower: 16, upper: 512}
  units2: {type: int, lower: 16, upper: 512}
  epochs: {type: int, lower: 1, upper: 81, fidelity: true}
constraint: units1 + units2 <= 512
codomain: {y: minimize}
terminate: {evals: 10}
`

func TestASpaceWithRules(t *testing.T) {
	t.Parallel()
	f, err := search.Parse("s.yaml", []byte(rules))
	if err != nil {
		t.Fatal(err)
	}
	s := f.Definition.Space
	want := `svm.kernel: one of "rbf", "poly", "linear", by default "rbf"
svm.degree: an integer from 1 to 5, if svm.kernel == "poly"
cost: a number from -3 to 3, evaluated as 10^x
depth: an integer from 1 to 32, or null, "auto", by default null
units1: an integer from 16 to 512
units2: an integer from 16 to 512
epochs: an integer from 1 to 81, the fidelity
where units1 + units2 <= 512
`
	if got := s.String(); got != want {
		t.Errorf("got\n%s", got)
	}
	if p, ok := s.Fidelity(); !ok || p.Name != "epochs" {
		t.Errorf("the fidelity is %v", p)
	}
	other, err := search.Parse("s.yaml", []byte(strings.Replace(rules, "<= 512\ncodomain", "<= 500\ncodomain", 1)))
	if err != nil {
		t.Fatal(err)
	}
	changes := search.Diff(f.Definition, other.Definition)
	if got := strings.Join(changes.Refused, "\n"); got != "space: the constraints were units1 + units2 <= 512 and are units1 + units2 <= 500" {
		t.Errorf("the difference is %q", got)
	}
}

func TestMistakesInRulesHaveTheirPlace(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ old, now, want string }{
		{`svm.kernel == "poly"`, `svm.kernel == "polly"`, `s.yaml:5:70: space.svm.degree.depends: svm.kernel is never that: expected one of "rbf", "poly", "linear", found the text "polly"; did you mean poly?`},
		{"trafo: 10^x", "trafo: 10^y", "s.yaml:6:52: space.cost.trafo: there is no parameter or function y"},
		{"units1 + units2 <= 512", "'units1 + units3 <= 512'", "s.yaml:11:23: constraint: there is no parameter or function units3; did you mean units1?"},
		{"units1 + units2 <= 512", "[units1 > 20, units2 +]", "s.yaml:11:34: constraint[1]: unexpected token EOF"},
		{"units1 + units2 <= 512", "units1 + units2 < 10", "s.yaml:11:13: constraint: none of "},
		{"default: rbf", "default: rbff", `s.yaml:4:65: space.svm.kernel.default: expected one of "rbf", "poly", "linear", found the text "rbff"; did you mean rbf?`},
		{"fidelity: true", "fidelity: yes", "s.yaml:10:54: space.epochs.fidelity: expected true or false, found the text \"yes\"; write true"},
		{"constraint: units1 + units2 <= 512", "constraint: {a: 1}", "s.yaml:11:13: constraint: expected an expression such as units1 + units2 <= 512, found a map"},
	} {
		text := strings.Replace(rules, tc.old, tc.now, 1)
		_, err := search.Parse("s.yaml", []byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%s:\ngot  %v\nwant %s", tc.now, err, tc.want)
		}
	}
}
