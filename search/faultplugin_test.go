package search_test

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/search"
)

// culprit, set in the environment, makes the test binary a program whose objective
// goes wrong as the point says; it holds the named pipe of that path.
const culprit = "RUSH_SEARCH_TEST_CULPRIT"

func culpritProgram() plugins.Program {
	hold, err := os.OpenFile(os.Getenv(culprit), os.O_WRONLY, 0)
	return plugins.Program{Objectives: map[string]loops.Objective{
		"go wrong": loops.ObjectiveFunc(func(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
			defer runtime.KeepAlive(hold)
			return goWrong(e.XS["how"].(string)), err
		}),
	}}
}

func goWrong(how string) rush.Values {
	switch how {
	case "panic":
		panic("out of my mind")
	case "exit":
		fmt.Fprintln(os.Stderr, "no license")
		os.Exit(3)
	case "allocate":
		all := make(map[int][]byte)
		for n := 0; ; n++ {
			b := make([]byte, 64<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			all[n] = b
		}
	case "kill":
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Kill()
		}
		select {}
	case "hang":
		select {}
	case "wrong name":
		return rush.Values{"z": 1.0}
	case "wrong type":
		return rush.Values{"y": "one"}
	case "list":
		return rush.Values{"y": []any{1.0}}
	case "nan":
		return rush.Values{"y": math.NaN()}
	case "nothing":
		return nil
	case "too much":
		return rush.Values{"y": 1.0, "more": "than asked for"}
	}
	return rush.Values{"y": 0.0}
}

// holders returns a named pipe, and a function that waits until nobody holds it who
// opened it for writing.
func holders(t *testing.T) (path string, gone func()) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "held")
	if err := mkfifo(path); err != nil {
		t.Fatal(err)
	}
	r, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return path, func() {
		t.Helper()
		_ = r.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := r.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("something of the plugin is still there: %v", err)
		}
	}
}

// wrongs is the search in which one worker meets the faults in turn, each before
// a point that is fine.
func wrongs(t *testing.T, task string, faults ...string) (text string, gone func()) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path, gone := holders(t)
	var levels []string
	for _, f := range faults {
		levels = append(levels, f, "fine after "+f)
	}
	return fmt.Sprintf(`
space: {how: {type: fct, levels: [%s]}}
codomain: {y: minimize}
task: {%s}
objective: {plugin: [%s], env: {%s: %s}}
loop: {name: grid_search}
`, strings.Join(levels, ", "), task, self, culprit, path), gone
}

// Whatever an objective of another program does, its task fails with a class and a
// reason, the worker goes on with the next, and nothing stays alive.
func TestAnObjectiveOfAnotherProgramGoesWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, task string
		want       map[string]rush.Condition // of part of the message
	}{
		{"crashes", "timeout: 50s", map[string]rush.Condition{
			"panic": {Class: rush.ClassCrashed, Message: "the objective panicked: out of my mind", Stderr: "goroutine "},
			"exit":  {Class: rush.ClassCrashed, Message: "exit code 3", Stderr: "no license"},
			"kill":  {Class: rush.ClassCrashed, Message: "signal killed"},
		}},
		{"answers", "timeout: 50s", map[string]rush.Condition{
			"wrong name": {Class: rush.ClassError, Message: `no "y"; expected every name of the codomain, found z`},
			"wrong type": {Class: rush.ClassError, Message: "y = one; expected a number"},
			"list":       {Class: rush.ClassError, Message: "y = [1]; expected a number"},
			"nan":        {Class: rush.ClassError, Message: "y = NaN; expected a number"},
			"nothing":    {Class: rush.ClassError, Message: `no "y"`},
			"too much":   {}, // is kept as an extra
		}},
		{"hangs", "timeout: 8s", map[string]rush.Condition{"hang": {Class: rush.ClassTimeout, Message: "longer than 8s"}}},
		{"is silent", "stall: 5s", map[string]rush.Condition{"hang": {Class: rush.ClassTimeout, Message: "printed and reported nothing for 5s"}}},
		{"allocates", "memory: 1GiB", map[string]rush.Condition{
			"allocate": {Class: rush.ClassCrashed, Message: "its memory was limited to 1073741824 bytes"},
		}},
	} {
		if strings.HasPrefix(tc.task, "memory") && runtime.GOOS != "linux" {
			continue
		}
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			eachstore.Run(t, func(t *testing.T, url string) {
				var faults []string
				for name := range tc.want {
					faults = append(faults, name)
				}
				text, gone := wrongs(t, tc.task, faults...)
				s := open(t, url)
				def := s.parse(text)
				if err := def.CheckPlugins(t.Context()); err != nil {
					t.Fatal(err)
				}
				s.runWorkers(def, search.StartOptions{}, def.Workers(1))
				gone()
				s.checkWrongs(tc.want)
			})
		})
	}
}

// checkWrongs looks at how every task ended.
func (s *site) checkWrongs(want map[string]rush.Condition) {
	s.t.Helper()
	failed, err := s.net.Keys(s.t.Context(), rush.Failed)
	if err != nil {
		s.t.Fatal(err)
	}
	tasks, err := s.net.Tasks(s.t.Context(), failed...)
	if err != nil {
		s.t.Fatal(err)
	}
	tasks = append(tasks, s.finished()...)
	if len(tasks) != 2*len(want) {
		s.t.Errorf("found %d tasks that have ended, expected %d", len(tasks), 2*len(want))
	}
	for _, task := range tasks {
		how, _ := task.XS["how"].(string)
		expected, c := want[how], task.Condition
		if c == nil {
			c = &rush.Condition{}
		}
		if c.Class != expected.Class || !strings.Contains(c.Message, expected.Message) || !strings.Contains(c.Stderr, expected.Stderr) {
			s.t.Errorf("%s: found class %q, %q and on stderr %.200q; expected %+v", how, c.Class, c.Message, c.Stderr, expected)
		}
		if how == "too much" && task.YSExtra["more"] != "than asked for" {
			s.t.Errorf("found the extras %v", task.YSExtra)
		}
	}
}
