// Package examples_test runs the examples as a person does: with the built
// command, on the files as they are.
package examples_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"log"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/loops/pareto"
)

// bin has the programs that the tests run; TestMain builds them, once.
var bin string

func TestMain(m *testing.M) {
	code, err := buildAndRun(m)
	if err != nil {
		log.Fatal(err)
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M) (int, error) {
	var err error
	if bin, err = os.MkdirTemp("", "rush-examples-"); err != nil {
		return 0, err
	}
	defer os.RemoveAll(bin)
	build := exec.Command("go", "build", "-o", bin+string(filepath.Separator), "../cmd/rush",
		"./readme", "./random", "./median", "./bayes", "./errors", "./dependencies", "./retries", "./ownloop", "./messages", "./page", "./plugin-go")
	if out, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("build the examples: %w\n%s", err, out)
	}
	return redistest.Main(m), nil
}

// A user runs programs and keeps what they store in a directory of its own.
type user struct {
	t    *testing.T
	data string
	env  []string // more of the environment
}

func newUser(t *testing.T) user {
	t.Parallel()
	noticeSources(t, "..")
	return user{t: t, data: t.TempDir()}
}

// noticeSources looks at every directory of the module. The go command remembers
// what a test has looked at, and runs it again when that has changed; it could
// not know otherwise what the programs are built from and what they read.
func noticeSources(t *testing.T, root string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// run runs one of the programs and returns what it printed on stdout.
func (u user) run(name string, args ...string) string {
	u.t.Helper()
	cmd := exec.CommandContext(u.t.Context(), filepath.Join(bin, name), args...)
	cmd.Env = append(append(os.Environ(), "XDG_DATA_HOME="+u.data, "RUSH_STORE=", "REDIS_URL="), u.env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		u.t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, &stdout, &stderr)
	}
	return stdout.String()
}

// A summary is what rush run --json prints at the end.
type summary struct {
	Status           string
	Finished, Failed int
	Best             []struct {
		XS map[string]any
		YS map[string]float64
	}
}

func (u user) search(args ...string) summary {
	u.t.Helper()
	text := u.run("rush", append([]string{"run", "--quiet", "--json"}, args...)...)
	var s summary
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		u.t.Fatalf("read the summary: %v\n%s", err, text)
	}
	if s.Status != "done" || s.Failed != 0 {
		u.t.Fatalf("the run is %q with %d failed tasks, expected it to be done with none\n%s", s.Status, s.Failed, text)
	}
	return s
}

// export returns the finished tasks of the last run, by column.
func (u user) export() map[string][]string {
	u.t.Helper()
	return u.table("--state", "finished")
}

// table returns the tasks of the last run that the flags of export ask for, by
// column.
func (u user) table(flags ...string) map[string][]string {
	u.t.Helper()
	text := u.run("rush", append([]string{"export", "-o", "-", "--format", "csv"}, flags...)...)
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		u.t.Fatalf("read the table: %v\n%s", err, text)
	}
	columns := map[string][]string{}
	for i, name := range rows[0] {
		columns[name] = []string{}
		for _, row := range rows[1:] {
			columns[name] = append(columns[name], row[i])
		}
	}
	return columns
}

func TestReadmeAddsWithTwoWorkers(t *testing.T) {
	out := newUser(t).run("readme")
	if !strings.Contains(out, "* Running Workers: 2\n") {
		t.Errorf("the program does not say that 2 workers run:\n%s", out)
	}
	row := regexp.MustCompile(`(?m)^ *(\d+)  finished +(\d+) +(\d+) +(\d+) `)
	var got []string
	for _, found := range row.FindAllStringSubmatch(out, -1) {
		got = append(got, strings.Join(found[1:], " "))
	}
	slices.Sort(got) // by number: the rows are in the order in which the tasks finished
	want := []string{"0 3 5 8", "0 3 5 8", "1 4 6 10", "1 4 6 10", "2 1 5 6", "3 7 6 13"}
	if !slices.Equal(got, want) {
		t.Errorf("got the rows %q, expected %q of the two tables:\n%s", got, want, out)
	}
}

func TestBraninComesCloseToItsMinimum(t *testing.T) {
	u := newUser(t)
	s := u.search("branin/search.yaml")
	if s.Finished != 200 {
		t.Errorf("%d tasks finished, expected 200", s.Finished)
	}
	if y := s.Best[0].YS["y"]; y < 0.397887 || y > 0.6 {
		t.Errorf("the best y is %g, expected one between the minimum, 0.397887, and 0.6", y)
	}
	if tasks := u.export(); len(tasks["x1"]) != 200 || len(tasks["y"]) != 200 {
		t.Errorf("exported %d x1 and %d y, expected 200 of each", len(tasks["x1"]), len(tasks["y"]))
	}
}

// What 60 points dominate is most of what there is, 15856/3 (see
// loops/functions).
func TestParetoComesCloseToTheFront(t *testing.T) {
	u := newUser(t)
	if s := u.search("pareto/search.yaml"); s.Finished != 60 {
		t.Errorf("%d tasks finished, expected 60", s.Finished)
	}
	var front [][]float64
	tasks := u.export()
	number := func(name string, i int) float64 {
		v, err := strconv.ParseFloat(tasks[name][i], 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for i := range tasks["y1"] {
		if number("c1", i) <= 0 && number("c2", i) <= 0 {
			front = append(front, []float64{number("y1", i), number("y2", i)})
		}
	}
	if v := pareto.Hypervolume(front, []float64{140, 50}); v < 0.95*15856/3 {
		t.Errorf("a hypervolume of %v", v)
	}
}

// At full length: a magnet that is measured too briefly has not settled.
func TestSweepRunsTheWholeGrid(t *testing.T) {
	u := newUser(t)
	if s := u.search("sweep/search.yaml"); s.Finished != 54 {
		t.Errorf("%d tasks finished, expected 9 x 3 x 2 = 54", s.Finished)
	}
	tasks := u.export()
	for name, want := range map[string]int{"temperature": 9, "size": 3, "field": 2} {
		if got := slices.Compact(slices.Sorted(slices.Values(tasks[name]))); len(got) != want {
			t.Errorf("%s has the values %q, expected %d", name, got, want)
		}
	}
	for i, temperature := range tasks["temperature"] {
		// Far below the transition the spins agree; far above they hardly do.
		m := number(t, tasks["magnetization"][i])
		switch {
		case temperature == "1.5" && m < 0.9:
			t.Errorf("the magnetization at temperature 1.5 is %g, expected at least 0.9", m)
		case temperature == "3.5" && tasks["size"][i] == "32" && m > 0.4:
			t.Errorf("the magnetization at temperature 3.5 is %g, expected at most 0.4", m)
		}
		if c := number(t, tasks["heat_capacity"][i]); !(c > 0) || math.IsInf(c, 0) {
			t.Errorf("the heat capacity of row %d is %g, expected one above 0", i, c)
		}
	}
}

// Two points, and one pass over the images for each: enough to learn something.
func TestDigitsAreLearned(t *testing.T) {
	for _, file := range []string{"search.yaml", "search-go.yaml"} {
		t.Run(file, func(t *testing.T) {
			u := newUser(t)
			s := u.search("digits/"+file, "--set", "terminate.evals=2", "--set", "constants.epochs=1")
			if s.Finished != 2 {
				t.Fatalf("%d tasks finished, expected 2", s.Finished)
			}
			// Guessing reads one digit in ten.
			if accuracy := s.Best[0].YS["accuracy"]; accuracy < 0.5 || accuracy > 1 {
				t.Errorf("the best accuracy is %g, expected one from 0.5 to 1", accuracy)
			}
			tasks := u.export()
			for _, extra := range []string{"accuracy_sd", "log_loss", "seconds"} {
				for _, text := range tasks[extra] {
					number(t, text)
				}
				if len(tasks[extra]) != 2 {
					t.Errorf("the table has %d values of %s, expected 2", len(tasks[extra]), extra)
				}
			}
		})
	}
}

// Both searches evaluate the same points: only the objective differs.
func TestTheDigitsSearchesDifferInTheirObjectiveOnly(t *testing.T) {
	t.Parallel()
	settings := func(file string) string {
		text, err := os.ReadFile(filepath.Join("digits", file))
		if err != nil {
			t.Fatal(err)
		}
		var kept []string
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "  command:") {
				kept = append(kept, line)
			}
		}
		return strings.Join(kept, "")
	}
	if python, inGo := settings("search.yaml"), settings("search-go.yaml"); python != inGo {
		t.Errorf("search.yaml has\n%s\nbut search-go.yaml\n%s", python, inGo)
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Errorf("expected a number in the table, found %q", text)
	}
	return v
}
