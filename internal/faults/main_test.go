package faults_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/internal/store/faultstore"
	"github.com/rushnet/rush/internal/store/sqlitestore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
)

// What a child process is told by its environment. Only this test binary
// listens to it.
const (
	envPart    = "FAULTS_PART"    // a name of parts: the child plays it and ends
	envStore   = "FAULTS_STORE"   // the store's URL
	envNetwork = "FAULTS_NETWORK" // the network's id
	envManager = "FAULTS_MANAGER" // where a part is killed, see faultstore.ParsePoint
	envWorker  = "FAULTS_WORKER"  // where the workers that it starts are killed
	envCalls   = "FAULTS_CALLS"   // a file that gets a line for each boundary
	envKilled  = "FAULTS_KILLED"  // a file that gets a line from each process that is killed so
	envWall    = "FAULTS_WALL"    // if set each process has another machine's clock
	envEvals   = "FAULTS_EVALS"   // a file that gets a line for each evaluation
)

// parts is what a child can play.
func parts() map[string]func(ctx context.Context, url string, id rush.NetworkID) error {
	return map[string]func(context.Context, string, rush.NetworkID) error{"run": playRun, "hand": playHand, "shelf": playShelf}
}

// The test binary plays the manager that is killed, and its workers.
func TestMain(m *testing.M) {
	plugins.ServeContext(faulty(context.Background(), "worker", os.Getenv(envWorker)), plugins.Program{
		Objectives: map[string]loops.Objective{"square": loops.ObjectiveFunc(square)},
		Loops:      map[string]plugins.Loop{"search": {Make: searchLoop}},
	})
	if part, ok := parts()[os.Getenv(envPart)]; ok {
		ctx := faulty(context.Background(), "manager", os.Getenv(envManager))
		if err := part(ctx, os.Getenv(envStore), rush.NetworkID(os.Getenv(envNetwork))); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(redistest.Main(m))
}

// faulty returns a context in which stores note their boundaries, and kill the
// process at the point, if one is given.
func faulty(ctx context.Context, role, point string) context.Context {
	if os.Getenv(envWall) != "" {
		off := time.Duration(os.Getpid()%3-1) * time.Hour
		ctx = sqlitestore.WithWall(ctx, func() time.Time { return time.Now().Add(off) })
	}
	var hooks []faultstore.Hook
	if path := os.Getenv(envCalls); path != "" {
		hooks = append(hooks, func(b faultstore.Boundary) { appendLine(path, role+" "+b.String()) })
	}
	if point != "" {
		at, err := faultstore.ParsePoint(point)
		if err != nil {
			panic(err)
		}
		hooks = append(hooks, faultstore.Kill(at, func() { appendLine(os.Getenv(envKilled), role) }))
	}
	return dial.Wrap(ctx, func(st store.Store) store.Store {
		return faultstore.Wrap(st, func(b faultstore.Boundary) {
			for _, hook := range hooks {
				hook(b)
			}
		})
	})
}

// appendLine appends a line to a file that several processes append to.
func appendLine(path, line string) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteString(line + "\n")
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		panic(err)
	}
}

// searchLoop is a random search that takes from the queue first.
func searchLoop(_ context.Context, _ *rushworker.Worker, s plugins.Setting) (loops.Loop, error) {
	sp, err := space.New(space.Param{Name: "x", Type: space.Dbl, Upper: 1})
	return &loops.RandomSearch{Problem: s.Problem, Space: sp}, err
}
