package examples_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// loop runs one of the searches whose loop is a program, and returns its finished
// tasks.
func (u user) loop(name string, evals int) (summary, map[string][]string) {
	u.t.Helper()
	s := u.search("jsonlines/" + name + ".yaml")
	tasks := u.export()
	if s.Finished != evals || len(tasks["number"]) != evals {
		u.t.Fatalf("%d tasks finished, and %d are in the table; expected %d", s.Finished, len(tasks["number"]), evals)
	}
	u.run("rush", "doctor")
	return s, tasks
}

// checkBranin checks that y is the function's value.
func checkBranin(t *testing.T, tasks map[string][]string) {
	t.Helper()
	for i, text := range tasks["y"] {
		x1, x2 := number(t, tasks["x1"][i]), number(t, tasks["x2"][i])
		a := x2 - 5.1/(4*math.Pi*math.Pi)*x1*x1 + 5/math.Pi*x1 - 6
		want := a*a + 10*(1-1/(8*math.Pi))*math.Cos(x1) + 10
		if y := number(t, text); math.Abs(y-want) > 1e-9 {
			t.Errorf("y of task %s is %g, expected %g", tasks["number"][i], y, want)
		}
	}
}

func TestRandomSearchOfRsRush(t *testing.T) {
	_, tasks := newUser(t).loop("random", 60)
	checkBranin(t, tasks)
	if points := slices.Compact(slices.Sorted(slices.Values(tasks["x1"]))); len(points) != 60 {
		t.Errorf("%d different points, expected 60: the workers draw the same numbers", len(points))
	}
}

func TestMedianStoppingOfRsRush(t *testing.T) {
	u := newUser(t)
	want := "its loop scores the points itself: Rscript --vanilla median.R\n"
	if out := u.run("rush", "check", "jsonlines/median.yaml"); !strings.HasSuffix(out, want) {
		t.Errorf("rush check says %q, expected %q", out, want)
	}
	_, tasks := u.loop("median", 120)
	rounds := map[string]int{}
	for _, n := range tasks["nrounds"] {
		rounds[n]++
	}
	// Every configuration begins with 5 rounds; those that are worse than half of the
	// others do not go on.
	if rounds["5"] < 2 || rounds["5"]*16 <= 120 || rounds["6"] == 0 || rounds["6"] >= rounds["5"]+2 {
		t.Errorf("tasks by rounds: %v; expected several configurations, and some of them stopped", rounds)
	}
}

func TestBayesianOptimizationOfRsRush(t *testing.T) {
	_, tasks := newUser(t).loop("bayes", 50)
	checkBranin(t, tasks)
	if i := slices.Index(tasks["number"], "0"); tasks["x1"][i] != "-4.25" {
		t.Errorf("task 0 has x1 = %s, expected the first point of the design", tasks["x1"][i])
	}
}

func TestLoopsOfOtherLanguages(t *testing.T) {
	for name, best := range map[string]float64{"evolution": 5, "walk": 20, "halton": 2} {
		t.Run(name, func(t *testing.T) {
			s, tasks := newUser(t).loop(name, 100)
			checkBranin(t, tasks)
			if y := s.Best[0].YS["y"]; y > best {
				t.Errorf("the best y is %g, expected at most %g", y, best)
			}
		})
	}
}

// What is to be copied is short.
func TestAdaptersAreShort(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("jsonlines/rush_*.*")
	if err != nil || len(files) != 8 {
		t.Fatalf("found %q, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		most := 60
		if strings.Contains(file, "objective") {
			most = 80
		}
		if n := bytes.Count(text, []byte("\n")); n > most {
			t.Errorf("%s has %d lines, expected at most %d", file, n, most)
		}
	}
}
