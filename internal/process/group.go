package process

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// Options say how a process is started. nil and the zero value start it in the
// session of this program, with nothing on stdin, to be killed when this program
// dies.
type Options struct {
	// Session gives the process a session of its own too, without a terminal,
	// whose number is its pid; see [KillSession]. Unix only.
	Session bool
	// Outlive lets the process live on when this program dies.
	Outlive bool
	// Descendants has all that the process started killed once it has ended, also
	// what moved to groups or sessions of its own. Linux only, where they are known
	// by a variable in their environment.
	Descendants bool
	// OnDeath is the signal that it gets when this program dies; 0 is SIGKILL.
	// Linux only, and void when the program has the set-user-ID bit.
	OnDeath syscall.Signal
	// Input is written to its stdin, which is then closed. That it ends without
	// having read everything is no error. nil leaves cmd.Stdin as it is.
	Input []byte
	// Delay is for how long after the process has ended its stdout and stderr are
	// read while somebody keeps them open who is not of its group; 0 is a second.
	Delay time.Duration
}

// A Group is a process that was started by [Start], with what else belongs to
// its process group. Any goroutine may call its methods.
type Group struct {
	// Fixed at construction.
	cmd            *exec.Cmd
	opts           Options
	mark           mark     // of the descendants; empty without Options.Descendants
	stdin          *os.File // our end; nil without Input
	stdout, stderr *pipe    // our ends; nil when the caller set the command's
	inherited      []*os.File
	fed            chan struct{} // closed when Input was written
	done           chan struct{}

	exit Exit // set before done is closed

	// mu is held while signals are sent, so that none is sent once gone.
	mu   sync.Mutex
	held handle
	gone bool // reaped: its number may be another process's by now
}

// Start starts cmd as the leader of a process group of its own. cmd.Stdin,
// Stdout and Stderr may be nil or *os.File. What is nil of the latter two becomes
// a pipe, which has to be read to its end or closed. cmd belongs to the group from
// then on; its Wait and its Process are not to be used.
func Start(cmd *exec.Cmd, opts *Options) (*Group, error) {
	g := &Group{cmd: cmd, fed: make(chan struct{}), done: make(chan struct{})}
	if opts != nil {
		g.opts = *opts
	}
	if g.opts.Delay <= 0 {
		g.opts.Delay = time.Second
	}
	if g.opts.Descendants {
		g.mark = newMark()
		g.mark.set(cmd)
	}
	if err := g.connect(); err != nil {
		g.closeOurs()
		closeAll(g.inherited)
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	started := make(chan error)
	go g.run(started)
	if err := <-started; err != nil {
		g.closeOurs()
		return nil, err
	}
	return g, nil
}

// Pid returns the number of the process, which is its group's too, and its
// session's if it has one of its own.
func (g *Group) Pid() int { return g.cmd.Process.Pid }

// Stdout returns what the process prints; nil when cmd.Stdout was set. It ends
// when nobody holds the other end any more, and Options.Delay after the process
// has ended at the latest. One goroutine may read it.
func (g *Group) Stdout() io.ReadCloser { return reader(g.stdout) }

// Stderr is like Stdout, for what the process prints there.
func (g *Group) Stderr() io.ReadCloser { return reader(g.stderr) }

// HasExited reports whether the process has ended; the rest of its group may still
// be there, for which Done waits.
func (g *Group) HasExited() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.gone
}

// Done is closed when the process has ended and the rest of its group was killed.
func (g *Group) Done() <-chan struct{} { return g.done }

// Wait blocks until Done is closed, and returns how the process ended. Its output
// may be read before or after.
func (g *Group) Wait() Exit {
	<-g.done
	return g.exit
}

// KillGroup sends a signal to every process of the group. Once the process has
// ended it returns os.ErrProcessDone, and nobody gets a signal. Windows ends all
// of them, whatever the signal.
func (g *Group) KillGroup(sig syscall.Signal) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.gone {
		return os.ErrProcessDone
	}
	return g.held.signal(sig)
}

// Stop asks every process of the group to end (SIGTERM), kills them when the
// first has not ended after grace, waits for that, and says how it ended. A grace
// of 0 kills at once.
func (g *Group) Stop(grace time.Duration) Exit {
	if grace > 0 {
		_ = g.KillGroup(syscall.SIGTERM) // an error leaves it to the kill below
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-g.done:
			return g.exit
		case <-timer.C:
		}
	}
	_ = g.KillGroup(syscall.SIGKILL) // it fails only when there is nobody to kill
	return g.Wait()
}

// run starts the process and waits for it, on one thread: Linux sends the death
// signal when the thread that forked ends, not the program (golang.org/issue/27505).
func (g *Group) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := g.launch()
	closeAll(g.inherited)
	started <- err
	if err != nil {
		return
	}
	go g.feed()
	g.held.awaitExit(g.cmd)
	g.reap()
	if g.mark != "" {
		g.mark.kill()
	}
	if g.stdin != nil {
		_ = g.stdin.Close() // ends feed if somebody outside the group holds the other end
	}
	<-g.fed
	g.stdout.expire(g.opts.Delay)
	g.stderr.expire(g.opts.Delay)
	close(g.done)
}

// launch starts the process and takes hold of its group.
func (g *Group) launch() error {
	if g.cmd.Dir != "" { // a failing chdir would be told of the program
		if _, err := os.Stat(g.cmd.Dir); err != nil {
			return fmt.Errorf("start %s: its working directory: %w", g.cmd.Path, err)
		}
	}
	if g.cmd.SysProcAttr == nil {
		g.cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	setAttributes(g.cmd.SysProcAttr, g.opts)
	if err := g.cmd.Start(); err != nil {
		return err // it names the program
	}
	held, err := hold(g.cmd.Process, g.opts)
	if err != nil {
		_ = g.cmd.Process.Kill() // nothing else can be done about it
		_ = g.cmd.Wait()
		return fmt.Errorf("start %s: %w", g.cmd.Path, err)
	}
	g.held = held
	return nil
}

// reap kills what is left of the group and then lets the system forget the
// process. In this order, for its number names the group until then.
func (g *Group) reap() {
	g.mu.Lock()
	defer g.mu.Unlock()
	_ = g.held.signal(syscall.SIGKILL) // it fails when nobody is left
	if err := g.cmd.Wait(); err != nil && g.cmd.ProcessState == nil {
		g.exit = Exit{Code: -1, Lost: err}
	} else {
		g.exit = exitOf(g.cmd.ProcessState)
	}
	g.held.release()
	g.gone = true
}

// feed writes Input. An error means that the process did not want to read it.
func (g *Group) feed() {
	defer close(g.fed)
	if g.stdin == nil {
		return
	}
	_, _ = g.stdin.Write(g.opts.Input)
	_ = g.stdin.Close()
}

// connect makes the pipes.
func (g *Group) connect() error {
	if err := onlyFiles(g.cmd); err != nil {
		return err
	}
	if g.opts.Input != nil {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		g.stdin, g.cmd.Stdin, g.inherited = w, r, append(g.inherited, r)
	}
	if g.cmd.Stdout == nil {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		g.stdout, g.cmd.Stdout, g.inherited = newPipe(r), w, append(g.inherited, w)
	}
	if g.cmd.Stderr == nil {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		g.stderr, g.cmd.Stderr, g.inherited = newPipe(r), w, append(g.inherited, w)
	}
	return nil
}

// onlyFiles refuses what os/exec would copy by goroutines that may never end.
func onlyFiles(cmd *exec.Cmd) error {
	for name, stream := range map[string]any{"Stdin": cmd.Stdin, "Stdout": cmd.Stdout, "Stderr": cmd.Stderr} {
		if _, ok := stream.(*os.File); stream != nil && !ok {
			return fmt.Errorf("cmd.%s is a %T, expected nil or an *os.File", name, stream)
		}
	}
	return nil
}

// closeOurs closes our ends of the pipes.
func (g *Group) closeOurs() {
	if g.stdin != nil {
		_ = g.stdin.Close()
	}
	for _, p := range []*pipe{g.stdout, g.stderr} {
		if p != nil {
			_ = p.Close()
		}
	}
}

func closeAll(files []*os.File) {
	for _, f := range files {
		_ = f.Close()
	}
}

// doneIf turns the system's word for nobody being there into Go's.
func doneIf(err, nobody error) error {
	if errors.Is(err, nobody) {
		return os.ErrProcessDone
	}
	return err
}
