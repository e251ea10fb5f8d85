package search_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/search"
)

// declaring is a loop that says what it takes, and evaluates so many tasks at x.
const declaring = `
ask() { printf '%s\n' "$1"; IFS= read -r answer || exit 1; }
ask '{"verb":"declare","help":"Stays.","arguments":[
	{"name":"at","type":"dbl","default":1,"lower":0,"upper":1},{"name":"mode","type":"chr","choices":["a","b"],"required":true}]}'
case $answer in '{}') ;; *) echo "$answer" >&2; exit 3 ;; esac
ask '{"verb":"hello"}'
case $answer in *'"args":{"at":1.0,"mode":"b"}'*) ;; *) echo "$answer" >&2; exit 4 ;; esac
ask '{"verb":"declare","arguments":[]}'
case $answer in *'it is to be the first verb'*) ;; *) echo "$answer" >&2; exit 5 ;; esac
ask '{"verb":"push_running","xss":[{"x":1}]}'
ask '{"verb":"finish","key":0,"ys":{"y":1}}'
`

// oneLine puts each verb of a script on one line.
func oneLine(script string) string { return strings.ReplaceAll(script, "[\n\t{", "[{") }

// What a loop's program declares is filled in, whether or not the search was checked
// before.
func TestALoopDeclaresWhatItTakes(t *testing.T) {
	t.Parallel()
	for _, checked := range []bool{true, false} {
		eachstore.Run(t, func(t *testing.T, url string) {
			s := open(t, url)
			def := s.commandSearch(oneLine(declaring), "loop: {command: [sh, loop.sh], args: {mode: b}}")
			if checked {
				if err := def.CheckPlugins(t.Context()); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(search.Args{"at": 1.0, "mode": "b"}, def.Loop.Args); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
			s.run(def, search.StartOptions{}, 1)
			if c := s.counts(); c.Finished != 1 {
				workers, err := s.net.Workers(t.Context())
				t.Errorf("found %+v, %v; the worker is %+v", c, err, workers)
			}
		})
	}
}

// Without a check before, the first verb of each worker tells what is wrong.
func TestAWorkerRefusesArgumentsThatWereNotChecked(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		s.run(s.commandSearch(oneLine(declaring), "loop: {command: [sh, loop.sh], args: {mode: c}}"), search.StartOptions{}, 1)
		workers, err := s.net.Workers(t.Context())
		if err != nil || len(workers) != 1 || !strings.Contains(workers[0].Reason, `argument mode: expected one of a, b, found \"c\"`) {
			t.Errorf("found %+v, %v", workers, err)
		}
	})
}

// What is wrong with a command's arguments is told at its place, before anything
// starts.
func TestArgumentsOfACommandAreCheckedAtTheirPlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "loop.sh"), []byte(oneLine(declaring)), 0o600); err != nil {
		t.Fatal(err)
	}
	const text = "objective: {builtin: sphere}\nloop: {command: [sh, loop.sh], args: {mode: a, at: 2}}\n"
	path := filepath.Join(dir, "search.yaml")
	f, err := search.Parse(path, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := path + ":2:52: loop.args.at: expected a number between 0 and 1, found 2\n" +
		"    2 | loop: {command: [sh, loop.sh], args: {mode: a, at: 2}}\n      |" + strings.Repeat(" ", 52) + "^"
	if err := f.CheckPlugins(t.Context()); err == nil || err.Error() != want {
		t.Errorf("found\n%v\nexpected\n%s", err, want)
	}
}

// A loop that says nothing takes anything; one that cannot start, or declares what
// it should not, ends all before a worker starts.
func TestCheckLoopCommands(t *testing.T) {
	t.Parallel()
	s := &site{t: t}
	for script, want := range map[string]string{
		`echo '{"verb":"hello"}'; sleep 600`:                                                          "",
		`echo loading; exit 0`:                                                                        "",
		`echo no license >&2; exit 3`:                                                                 "exit code 3 before its first verb; the last of its stderr:\nno license",
		`echo '{"verb":"declare"}'; sleep 600 &`:                                                      "argument mode: there is no such argument",
		`echo '{"verb":"declare","argument":[]}'`:                                                     "declare: argument: it has no such member; did you mean arguments?",
		`echo '{"verb":"declare","arguments":[{"name":"a","type":"float"}]}'`:                         `argument 1: type: found "float"; there are dbl, int, lgl, chr, list, map, any`,
		`echo '{"verb":"declare","arguments":[{"type":"any"}]}'`:                                      "argument 1: name: it is missing",
		`echo '{"verb":"declare","arguments":[{"name":"a","type":"int","default":1.5}]}'`:             "argument 1: default: argument a: expected an integer, found 1.5",
		`echo '{"verb":"declare","arguments":[{"name":"a","type":"any"},{"name":"a","type":"any"}]}'`: "argument 2: name: there are two arguments named a",
		`echo '{"verb":"declare","arguments":[{"name":"a","type":"dbl","lower":"low"}]}'`:             `argument 1: lower: expected a number, found "low"`,
	} {
		def := s.commandSearch(script, "loop: {command: [sh, loop.sh], args: {mode: b}}")
		err := def.CheckPlugins(t.Context())
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: found %v, expected %q", script, err, want)
		}
		if want == "" {
			if diff := cmp.Diff(rush.Values{"mode": "b"}, rush.Values(def.Loop.Args)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", script, diff)
			}
		}
	}
}
