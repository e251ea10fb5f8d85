package examples_test

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Debian's python3 has the packages that scripts/need.sh installs.
var python = []string{"/usr/bin/python3", "-B"}

// rscript is R without what a user's profile would add.
var rscript = []string{"Rscript", "--vanilla"}

// script runs a program that uses a client, in the directory of the clients.
func (u user) script(command ...string) (string, error) {
	cmd := exec.CommandContext(u.t.Context(), command[0], command[1:]...)
	cmd.Dir = "clients"
	cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+u.data, "RUSH_STORE=", "REDIS_URL=", "RUSH="+filepath.Join(bin, "rush"))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if err != nil {
		u.t.Logf("%s printed\n%s%s", command[0], &stdout, &stderr)
	}
	return stdout.String(), err
}

// A program in Python and one in R share one search.
func TestClientsInPythonAndRShareASearch(t *testing.T) {
	u := newUser(t)
	var wg sync.WaitGroup
	for _, command := range [][]string{append(python, "search.py"), append(rscript, "search.R")} {
		wg.Go(func() {
			out, err := u.script(command...)
			if err != nil || !strings.HasPrefix(out, "the best of ") {
				t.Errorf("%s: got %q, %v, want the best point", command[0], out, err)
			}
		})
	}
	wg.Wait()
	tasks := u.export()
	if n := len(tasks["y"]); n != 40 {
		t.Errorf("%d tasks finished, expected 40", n)
	}
	for i, text := range tasks["y"] {
		x1, x2 := number(t, tasks["x1"][i]), number(t, tasks["x2"][i])
		if tasks["method"][i] == "rounded" {
			x1, x2 = math.RoundToEven(x1), math.RoundToEven(x2)
		}
		a := x2 - 5.1/(4*math.Pi*math.Pi)*x1*x1 + 5/math.Pi*x1 - 6
		want := a*a + 10*(1-1/(8*math.Pi))*math.Cos(x1) + 10
		if y := number(t, text); math.Abs(y-want) > 1e-9 {
			t.Errorf("y of task %s by %s is %g, expected %g", tasks["number"][i], tasks["language"][i], y, want)
		}
	}
}

// The two clients do the same: each script prints "ok" if everything is as it
// says.
func TestEverythingThatAClientOffers(t *testing.T) {
	for name, command := range map[string][]string{
		"python": append(python, "-c", pythonScript),
		"r":      append(rscript, "-e", rScript),
	} {
		t.Run(name, func(t *testing.T) {
			u := newUser(t)
			out, err := u.script(command...)
			if err != nil || !strings.HasSuffix(out, "ok\n") {
				t.Fatalf("got %q, %v, want ok", out, err)
			}
			u.run("rush", "doctor")
			tasks := u.table()
			slices.Sort(tasks["state"])
			// The first was told, the second failed, the third was given back and, with
			// a retry left, waits for another; so does the queued one.
			if want := []string{"failed", "finished", "queued", "queued"}; !slices.Equal(tasks["state"], want) {
				t.Errorf("the states are %q, expected %q", tasks["state"], want)
			}
			if note := tasks["note"][slices.Index(tasks["x1"], "0.25")]; note != "a \"b\" \\ ü" {
				t.Errorf("the note is %q", note)
			}
		})
	}
}

const pythonScript = `
import rush
try:
    rush.Network("nowhere")
    raise SystemExit("a network that is not there was opened")
except rush.Error as error:
    assert "ended" in str(error), error

with rush.Network(search="search.yaml", worker="tester") as net:
    assert (net.name, net.worker) == ("clients", "tester")
    assert net.push([{"x1": 0.25, "x2": 1, "method": "exact"}]) == [0]
    tasks = net.ask(3)
    assert [t.key for t in tasks] == [0, 1, 2] and tasks[0].xs["x1"] == 0.25, tasks
    assert tasks[0].constants == {"offset": 0.0} and tasks[0].rng_stream[0] == 10407
    assert [t.key for t in net.held()] == [0, 1, 2]
    try:
        net.tell(tasks[0], z=1)
        raise SystemExit("a result without y was told")
    except rush.Error as error:
        assert 'no "y"' in str(error), error
    net.tell(tasks[0], {"note": 'a "b" \\ ü'}, y=float("-inf"))
    net.tell(tasks[0], {"note": 'a "b" \\ ü'}, y=float("-inf"))
    net.fail(tasks[1], "it broke")
    rows = net.fetch_new(wait=60, frame=False)
    assert [r["y"] for r in rows] == [float("-inf")], rows
    assert net.fetch_new(frame=False) == []
    assert len(net.fetch(frame=False)) == 3
    frame = net.fetch("finished", "failed")
    assert list(frame["state"]) == ["finished", "failed"], frame
    assert str(frame["created"].dtype).startswith("datetime64"), frame.dtypes
    assert str(frame["y"].dtype) == "float64", frame.dtypes
    net.push([{"x1": 0.75, "x2": 1, "method": "exact"}])
    assert net.status()["running"] == 1 and net.status()["queued"] == 1
    import numpy, os, tempfile
    with tempfile.TemporaryDirectory() as there:
        assert net.export(there + "/all.parquet") == 4 and os.listdir(there) == ["all.parquet"]
    assert rush.json.loads(rush.json.dumps(numpy.float64(1.5), default=rush._plain)) == 1.5
print("ok")
`

const rScript = `
source("rush.R")
error <- tryCatch(rush_open("nowhere"), error = conditionMessage)
stopifnot(grepl("ended", error))

net <- rush_open(search = "search.yaml", worker = "tester")
stopifnot(net$network == "clients")
stopifnot(rush_push(net, list(list(x1 = 0.25, x2 = 1, method = "exact"))) == 0)
tasks <- rush_ask(net, 3)
stopifnot(vapply(tasks, function(t) t$task, 0L) == 0:2, tasks[[1]]$xs$x1 == 0.25)
stopifnot(tasks[[1]]$constants$offset == 0, tasks[[1]]$rng_stream[1] == 10407)
error <- tryCatch(rush_tell(net, tasks[[1]], z = 1), error = conditionMessage)
stopifnot(grepl('no "y"', error))
note <- "a \"b\" \\ \u00fc"
rush_tell(net, tasks[[1]], y = -Inf, note = note)
rush_tell(net, tasks[[1]], y = -Inf, note = note)
rush_fail(net, tasks[[2]], "it broke")
rows <- rush_fetch_new(net, wait = 60)
stopifnot(nrow(rows) == 1, rows$note == note, rows$number == 0, rows$y == -Inf)
stopifnot(nrow(rush_fetch_new(net)) == 0)
stopifnot(nrow(rush_fetch(net)) == 3)
frame <- rush_fetch(net, c("finished", "failed"))
stopifnot(frame$state == c("finished", "failed"), frame$y[1] == -Inf, is.na(frame$y[2]), is.character(frame$method))
rush_push(net, list(list(x1 = 0.75, x2 = 1, method = "exact")))
assign(".Random.seed", tasks[[3]]$rng_stream, envir = globalenv())
stopifnot(is.finite(runif(1)), RNGkind()[1] == "L'Ecuyer-CMRG")
rush_close(net)
cat("ok\n")
`
