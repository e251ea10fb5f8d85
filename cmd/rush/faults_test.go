package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/network"
)

// slowSearch evaluates tasks that take a while: a worker that is killed is in
// the middle of one.
func slowSearch(id string, evals int, more string) string {
	return fmt.Sprintf(`
network: %s
seed: 1
workers: 2
objective: {builtin: sleep}
space: {seconds: {type: dbl, lower: 0.005, upper: 0.02}}
codomain: {y: minimize}
loop: random_search
terminate: {evals: %d}
stop_after_failures: 0
%s`, id, evals, more)
}

// unique makes a network's name for stores that tests share.
func unique(t *testing.T, name string) string {
	return name + "-" + strconv.FormatInt(time.Now().UnixNano(), 36)
}

func TestKilledWorkersDoNotHarmTheRun(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h, id := newHome(t, url), unique(t, "workers")
		for _, retries := range []int{0, 1} {
			file := h.write("search.yaml", slowSearch(id, 250, fmt.Sprintf("task: {max_retries: %d}", retries)))
			run := h.start("run", file, "--fresh")
			h.ended(rush.NetworkID(id), 20)
			for _, pid := range h.pids(rush.NetworkID(id)) {
				kill9(pid)
			}
			if code := run.wait(); code != exitDone {
				t.Fatalf("the run ended with %d\n%s", code, run.output())
			}
			c := h.counts(rush.NetworkID(id))
			if c.Ended() != 250 || c.Created != 250 || retries == 0 && c.Failed == 0 || retries == 1 && c.Failed > 0 {
				t.Errorf("max_retries %d: found %+v; expected 250 tasks to have ended, those of the killed workers failed unless retried", retries, c)
			}
			h.sound()
		}
	})
}

func TestAKilledManagerLeavesNothingBehindAndResumes(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h, id := newHome(t, url), unique(t, "manager")
		file := h.write("search.yaml", slowSearch(id, 300, ""))
		run := h.start("run", file)
		h.ended(rush.NetworkID(id), 20)
		pids := h.pids(rush.NetworkID(id))
		if len(pids) != 2 {
			t.Fatalf("found the workers %v, expected 2", pids)
		}
		before := h.counts(rush.NetworkID(id))
		run.signal(syscall.SIGKILL)
		run.wait()
		gone(t, pids)
		out := h.run(exitDone, "run", file, "--resume")
		c := h.counts(rush.NetworkID(id))
		if c.Ended() != 300 || c.Created != 300 || c.Finished < before.Finished {
			t.Errorf("found %+v after %+v; expected exactly 300 to have ended, and nothing to be lost\n%s", c, before, out)
		}
		h.sound()
	})
}

func TestAKilledManagerTakesItsCommandsWithIt(t *testing.T) {
	t.Parallel()
	h := newHome(t, filepath.Join(t.TempDir(), "rush.db"))
	marker := filepath.Join(h.dir, "pids")
	// Two generations: the shell, and what it starts.
	h.write("slow.sh", "sleep 1000 & echo $$ $! >> "+marker+"\nwait\n")
	file := h.write("search.yaml", `
network: tree
workers: 2
objective: {command: [sh, slow.sh]}
space: {x: {type: dbl, lower: 0, upper: 1}}
codomain: {y: minimize}
terminate: {evals: 2}
`)
	for _, kill := range []string{"manager", "workers"} {
		_ = os.Remove(marker)
		run := h.start("run", file, "--fresh")
		var pids []int
		until(t, "two commands run", func() bool { pids = numbers(marker); return len(pids) == 4 })
		if kill == "manager" {
			pids = append(pids, h.pids("tree")...)
			run.signal(syscall.SIGKILL)
			run.wait()
		} else {
			for _, pid := range h.pids("tree") {
				kill9(pid)
			}
			if code := run.wait(); code != exitDone {
				t.Errorf("the run ended with %d, expected its two tasks to be lost and the run done\n%s", code, run.output())
			}
		}
		gone(t, pids)
	}
}

func numbers(file string) []int {
	b, _ := os.ReadFile(file)
	var ns []int
	for _, word := range strings.Fields(string(b)) {
		if n, err := strconv.Atoi(word); err == nil {
			ns = append(ns, n)
		}
	}
	return ns
}

func TestAKilledObjectiveIsAFailedTask(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h, id := newHome(t, url), unique(t, "objective")
		h.write("sometimes.sh", `[ $((RUSH_TASK % 5)) -eq 3 ] && kill -9 $$
echo '{"y": 1}'
`)
		file := h.write("search.yaml", `
network: `+id+`
workers: 2
objective: {command: [sh, sometimes.sh]}
space: {x: {type: dbl, lower: 0, upper: 1}}
codomain: {y: minimize}
terminate: {evals: 25}
`)
		out := h.run(exitDone, "run", file)
		if !strings.Contains(out, "20 finished, 5 failed") || !strings.Contains(out, "killed") {
			t.Errorf("found\n%s\nexpected 20 finished, and 5 failed by a kill", out)
		}
		workers, err := h.open(rush.NetworkID(id)).Workers(t.Context())
		if err != nil || len(workers) != 2 {
			t.Errorf("found %v, %v; expected the two workers to have stayed", workers, err)
		}
		h.sound()
	})
}

func TestInterrupts(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h, id := newHome(t, url), unique(t, "interrupt")
		file := h.write("search.yaml", slowSearch(id, 250, ""))
		run := h.start("run", file)
		h.ended(rush.NetworkID(id), 10)
		run.signal(syscall.SIGINT)
		if code := run.wait(); code != exitInterrupted {
			t.Fatalf("the run ended with %d, expected %d\n%s", code, exitInterrupted, run.output())
		}
		c := h.counts(rush.NetworkID(id))
		if c.Running > 0 || c.Failed > 0 || c.Finished < 10 || c.Finished >= 250 {
			t.Errorf("found %+v; expected running tasks to have been finished", c)
		}
		if out := run.output(); !strings.Contains(out, "interrupted") || !strings.Contains(out, "--resume") {
			t.Errorf("found\n%s\nexpected it to say how to go on", out)
		}
		h.sound()
		h.run(exitDone, "run", file, "--resume")
		if c := h.counts(rush.NetworkID(id)); c.Finished != 250 {
			t.Errorf("found %+v; expected the resumed run to finish 250", c)
		}
	})
}

func TestASecondInterruptStopsAtOnce(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h, id := newHome(t, url), unique(t, "twice")
		file := h.write("search.yaml", strings.NewReplacer("0.005", "1000", "0.02", "2000").Replace(slowSearch(id, 10, "")))
		run := h.start("run", file)
		net := rush.NetworkID(id)
		until(t, "two tasks run", func() bool { return h.counts(net).Running == 2 })
		run.signal(syscall.SIGINT)
		until(t, "the first is obeyed", func() bool { return strings.Contains(run.stderr.String(), "press Ctrl-C again") })
		run.signal(syscall.SIGINT)
		if code := run.wait(); code != exitInterrupted {
			t.Fatalf("the run ended with %d, expected %d\n%s", code, exitInterrupted, run.output())
		}
		if c := h.counts(net); c.Running != 0 || c.Failed != 2 {
			t.Errorf("found %+v; expected the two running tasks to have failed as killed", c)
		}
		h.sound()
	})
}

func TestStopFromAnotherTerminal(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h, id := newHome(t, url), unique(t, "stop")
		file := h.write("search.yaml", slowSearch(id, 100000, ""))
		run := h.start("run", file)
		h.ended(rush.NetworkID(id), 10)
		h.run(exitDone, "stop", "--network", id)
		if code := run.wait(); code != exitInterrupted {
			t.Fatalf("the run ended with %d, expected %d\n%s", code, exitInterrupted, run.output())
		}
		h.sound()
	})
}

func TestOtherWorkersJoinARun(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h, id := newHome(t, url), unique(t, "join")
		file := h.write("search.yaml", slowSearch(id, 400, ""))
		run := h.start("run", file)
		h.ended(rush.NetworkID(id), 5)
		other := h.start("worker", "--network", id, "--n", "2")
		for _, p := range []*process{run, other} {
			if code := p.wait(); code != exitDone {
				t.Fatalf("it ended with %d\n%s", code, p.output())
			}
		}
		workers, err := h.open(rush.NetworkID(id)).Workers(t.Context())
		if err != nil || len(workers) != 4 {
			t.Errorf("found %d workers, %v; expected 4", len(workers), err)
		}
		for _, w := range workers {
			if w.Tasks == 0 {
				t.Errorf("worker %s did nothing", w.ID)
			}
		}
		if c := h.counts(rush.NetworkID(id)); c.Ended() != 400 {
			t.Errorf("found %+v, expected exactly 400", c)
		}
		h.sound()
	})
}

func TestRedisGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	const away = 10 * time.Second // longer than any heartbeat's expiry
	srv := redistest.Start(t, redistest.Options{Persist: true})
	h := newHome(t, srv.URL())
	file := h.write("search.yaml", slowSearch("outage", 300, ""))
	run := h.start("run", file)
	h.ended("outage", 50)
	srv.Stop()
	time.Sleep(away) // this is the outage itself, not a wait for something
	srv.Start(t)
	if code := run.wait(); code != exitDone {
		t.Fatalf("the run ended with %d\n%s", code, run.output())
	}
	c := h.counts("outage")
	if c.Finished != 300 {
		t.Errorf("found %+v; expected all 300 to have finished: no worker was lost\n%s", c, run.output())
	}
	h.sound()
}

func TestManyProcessesShareAnEmbeddedStore(t *testing.T) {
	t.Parallel()
	h := newHome(t, filepath.Join(t.TempDir(), "rush.db"))
	var runs []*process
	evals := map[string]int{"one": 150, "two": 150, "doomed": 400} // the last is killed before its end
	for _, id := range []string{"one", "two", "doomed"} {
		runs = append(runs, h.start("run", h.write(id+".yaml", slowSearch(id, evals[id], ""))))
	}
	for _, id := range []rush.NetworkID{"one", "two", "doomed"} {
		h.ended(id, 20)
	}
	doomed := h.pids("doomed")
	runs[2].signal(syscall.SIGKILL)
	h.run(exitDone, "tasks", "one")
	h.run(exitDone, "networks")
	h.run(exitDone, "tasks", "doomed")
	for i, id := range []rush.NetworkID{"one", "two"} {
		if code := runs[i].wait(); code != exitDone {
			t.Fatalf("run %s ended with %d\n%s", id, code, runs[i].output())
		}
		if c := h.counts(id); c.Finished != 150 {
			t.Errorf("network %s: found %+v", id, c)
		}
	}
	gone(t, doomed)
	h.run(exitDone, "run", "doomed.yaml", "--resume")
	if c := h.counts("doomed"); c.Ended() != 400 {
		t.Errorf("found %+v, expected exactly 400", c)
	}
	h.sound()
}

// TestTheSameSeedGivesTheSameTable runs each loop on each store with one
// worker and with four, and compares the points and what came out.
func TestTheSameSeedGivesTheSameTable(t *testing.T) {
	t.Parallel()
	loops := map[string]string{
		"random": "loop: {name: random_search}\ntask: {replicates: 2}\n",
		"grid":   "loop: {name: grid_search, resolution: 6}\n",
		"design": "loop: {name: design_points, design: points.csv}\n",
	}
	tables := make(chan [2]string, 12)
	t.Run("runs", func(t *testing.T) {
		for name, loop := range loops {
			eachstore.Run(t, func(t *testing.T, url string) {
				for _, workers := range []string{"1", "4"} {
					h, id := newHome(t, url), unique(t, name)
					h.write("points.csv", "x1,x2\n1,2\n3.5,4\n-1,0.25\n9,9\n")
					file := h.write("search.yaml", "network: "+id+"\nseed: 7\nobjective: {builtin: branin}\nterminate: {evals: 30}\n"+loop)
					h.run(exitDone, "run", file, "--workers", workers)
					tables <- [2]string{name, tableOf(t, h, id)}
				}
			})
		}
	})
	close(tables)
	first := map[string]string{}
	for got := range tables {
		if want, ok := first[got[0]]; ok && want != got[1] {
			t.Errorf("%s: two tables differ:\n%s\n%s", got[0], want, got[1])
		}
		first[got[0]] = got[1]
	}
	if len(first) != len(loops) || strings.Count(first["random"], "\n") < 30 {
		t.Errorf("found the tables %v", first)
	}
}

// tableOf is a network's table without times and workers.
func tableOf(t *testing.T, h *home, id string) string {
	t.Helper()
	keys, err := h.open(rush.NetworkID(id)).Keys(t.Context(), rush.Finished)
	if err != nil {
		t.Fatal(err)
	}
	tasks, err := h.open(rush.NetworkID(id)).Tasks(t.Context(), keys...)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, task := range tasks {
		fmt.Fprintf(&b, "%d %v %v %v\n", task.Key, task.XS, task.XSExtra, task.YS)
	}
	return b.String()
}

func TestAFullDiskIsAnErrorAndNothingIsTorn(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Log("only root can mount a small disk; package sqlitestore tests a full disk in another way for everybody")
		return
	}
	dir := t.TempDir()
	// With room for the -wal file, which grows to 16 MB before it begins anew.
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=40m", "rush-test", dir).CombinedOutput(); err != nil {
		t.Logf("no disk can be mounted here (%s); package sqlitestore tests a full disk in another way", out)
		return
	}
	t.Cleanup(func() { _ = exec.Command("umount", dir).Run() })
	h := newHome(t, filepath.Join(dir, "rush.db"))
	file := h.write("search.yaml", slowSearch("full", 60, ""))
	h.run(exitDone, "run", file)
	filler := filepath.Join(dir, "filler")
	_ = os.WriteFile(filler, make([]byte, 41<<20), 0o600) // as much as there is room for
	net, err := network.Open(t.Context(), network.Config{Store: h.store, Network: "full"})
	if err == nil {
		_, err = net.Push(t.Context(), make([]rush.Values, 100_000)...)
		_ = net.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("found %v; expected that the disk is full", err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	h.sound()
	h.run(exitDone, "run", file, "--resume", "--set", "terminate.evals=80")
	if c := h.counts("full"); c.Finished < 80 {
		t.Errorf("found %+v; expected it to go on once there is room", c)
	}
	h.sound()
}
