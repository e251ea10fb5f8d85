package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

// detach starts the workers in a process of its own session, which outlives
// this command and the terminal, and waits until they are registered.
func (a *app) detach(ctx context.Context, f workerFlags) error {
	net, err := a.openNetwork(ctx, f.network)
	if err != nil {
		return err
	}
	defer net.Close()
	url, _, err := a.which(f.network)
	if err != nil {
		return err
	}
	if f.id == "" {
		f.id = uuid.NewString()[:8]
	}
	if f.n == 0 {
		f.n = runtime.NumCPU()
	}
	agent, log, err := startDetached(url, net.ID(), f)
	if err != nil {
		return fmt.Errorf("start detached workers of network %s: %w", net.ID(), err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		cancel(fmt.Errorf("they ended at once (%w); they printed %s", cmpOr(agent.Wait(), errEnded), log))
	}()
	ids := f.ids()
	if _, err := net.AwaitWorkers(ctx, network.Await{IDs: ids, Timeout: patience}); err != nil {
		return err
	}
	for _, id := range ids {
		a.printf("%s\n", id)
	}
	a.tell("detached: process %d, which prints to %s; rush stop --network %s ends the workers", agent.Process.Pid, log, net.ID())
	return nil
}

var errEnded = errors.New("without an error")

func cmpOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// ids are those that the workers will have.
func (f *workerFlags) ids() []rush.WorkerID {
	if f.n == 1 {
		return []rush.WorkerID{rush.WorkerID(f.id)}
	}
	ids := make([]rush.WorkerID, f.n)
	for i := range ids {
		ids[i] = rush.WorkerID(fmt.Sprintf("%s-%d", f.id, i+1))
	}
	return ids
}

// startDetached starts the agents' process. The store is in its environment,
// where a list of processes does not show it.
func startDetached(url string, id rush.NetworkID, f workerFlags) (*exec.Cmd, string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	dir, err := network.DataDir()
	if err != nil {
		return nil, "", err
	}
	path := filepath.Join(dir, "workers", string(id)+"-"+f.id+".log")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, "", err
	}
	log, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, "", err
	}
	defer log.Close()
	cmd := &exec.Cmd{
		Path: self, Args: append([]string{os.Args[0]}, f.arguments(id)...), Env: append(os.Environ(), "RUSH_STORE="+url), Stdout: log, Stderr: log, SysProcAttr: ownSession(),
	}
	return cmd, path, cmd.Start()
}

// arguments are those of a command that starts the same workers, and stays.
func (f *workerFlags) arguments(id rush.NetworkID) []string {
	args := []string{
		"worker", "--store", "env:RUSH_STORE", "--network", string(id), "-n", strconv.Itoa(f.n), "--worker-id", f.id,
		"--heartbeat", f.heartbeat.String(), "--expiry", f.expiry.String(), "--idle-timeout", f.idle.String(), "--grace", f.grace.String(),
		"--config", f.config, "--objective", f.objective,
		"--log", f.output.thresholds, "--keep-output=" + strconv.FormatBool(f.output.keepOutput), "--log-dir", f.output.dir,
	}
	for _, q := range f.queues {
		args = append(args, "--queue", q)
	}
	return args
}
