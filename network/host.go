package network

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/detached"
)

// errAbandoned is why a host starts nothing: nobody waits for it any more.
var errAbandoned = errors.New("the program that started the detached workers ended, or gave up, before they were registered")

// answerMark begins the line in which a host answers; what else the program
// prints before its main is not for the one who started it.
const answerMark = "rush detached workers: "

// An answer is what a host says of the start of its workers.
type answer struct {
	Error string `json:",omitempty"` // why they could not start; empty: they are registered
}

// serveHost is the process that looks after detached workers. It reads an order
// from its standard input, starts the workers, answers on its standard output,
// and stays until they have ended. What it and they print goes to its standard
// error, which is a file.
//
// Until it has answered, the end of its input means that who ordered is gone or
// gave up: then no worker stays.
func serveHost(ctx context.Context) error {
	if err := detached.Begin(); err != nil {
		return err
	}
	to := os.Stdout
	os.Stdout = os.Stderr
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE) // nobody reads the answer: an error, not the end
	asked := make(chan os.Signal, 2)
	signal.Notify(asked, os.Interrupt, syscall.SIGTERM)

	net, err := obey(ctx, os.Stdin)
	if err != nil {
		return errors.Join(err, reply(to, answer{Error: err.Error()}))
	}
	if err := reply(to, answer{}); err != nil {
		return errors.Join(errAbandoned, net.Close()) // which ends them
	}
	net.attend(asked)
	return errors.Join(net.lastWord(), net.Close())
}

// lastWord is the error of workers that ended without the store's knowledge, which
// could not be reached any more.
func (r *Rush) lastWord() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, a := range r.started {
		select {
		case <-a.done:
			if a.untold != nil {
				errs = append(errs, fmt.Errorf("worker %s gave up: %s; the store cannot be reached: %w", a.id, a.end.Reason, a.untold))
			}
		default: // it never ran
		}
	}
	return errors.Join(errs...)
}

// obey reads an order and carries it out.
func obey(ctx context.Context, from io.Reader) (*Rush, error) {
	var o order
	err := json.NewDecoder(from).Decode(&o)
	if err == nil {
		err = o.fill()
	}
	if err != nil {
		return nil, fmt.Errorf("read which detached workers to start: %w", err)
	}
	start, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() { // as long as the process
		_, _ = io.Copy(io.Discard, from)
		cancel(errAbandoned)
	}()
	net, err := Open(start, Config{
		Store: o.Store, Network: o.Network, IgnoreSchema: o.Any, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
	if err != nil {
		return nil, err
	}
	o.Workers.Output = func(id rush.WorkerID, _, line string) { fmt.Fprintf(os.Stderr, "[%s] %s\n", id, line) }
	if err := net.startHere(start, o.Workers); err != nil {
		return nil, errors.Join(err, net.Close())
	}
	return net, nil
}

func reply(to io.Writer, a answer) error {
	b, err := json.Marshal(a)
	if err == nil {
		_, err = fmt.Fprintf(to, "%s%s\n", answerMark, b)
	}
	return err
}

// parseAnswer reads a line that a host printed; false if it is no answer.
func parseAnswer(line string) (a answer, ok bool) {
	text, ok := strings.CutPrefix(strings.TrimSpace(line), answerMark)
	return a, ok && json.Unmarshal([]byte(text), &a) == nil
}

// attend waits until the workers have ended. An interrupt lets them finish what
// they run; a second one does not.
func (r *Rush) attend(asked <-chan os.Signal) {
	done := r.LocalDone()
	next := rush.SignalTerminate
	for {
		select {
		case <-done:
			return
		case <-asked:
			how := next
			r.background.Go(func() {
				if _, err := r.StopLocal(r.alive, how); err != nil && r.alive.Err() == nil {
					r.log.Error("the workers could not be told to end", "error", err)
				}
			})
			next = rush.SignalKill
		}
	}
}
