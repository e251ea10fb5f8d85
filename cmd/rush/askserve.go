package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/search"
	"github.com/rushnet/rush/table"
)

// A server answers the requests of a script.
//
//	serve ─┬─ requests  lines of standard input, read ahead to see its end
//	       └─ answer    each request in turn
type server struct {
	app       *app
	net       *network.Rush
	client    *search.Client
	schema    table.Schema
	constants rush.Values
	// listens ends with the input: nobody is left to wait for.
	listens context.Context
}

// A request is a line of input; one of its members but Wait is set.
type request struct {
	Ask    int               `json:"ask"`
	Held   bool              `json:"held"`
	Status bool              `json:"status"`
	Tell   []json.RawMessage `json:"tell"`
	Push   []json.RawMessage `json:"push"`
	Fetch  json.RawMessage   `json:"fetch"`
	Export string            `json:"export"`
	Wait   float64           `json:"wait"` // seconds
}

// An answer is a line of output.
type answer struct {
	Tasks    *[]json.RawMessage `json:"tasks,omitempty"`
	Over     *string            `json:"over,omitempty"`
	Told     *int               `json:"told,omitempty"`
	Keys     []rush.TaskKey     `json:"keys,omitempty"`
	Rows     *[]json.RawMessage `json:"rows,omitempty"`
	Exported *int64             `json:"exported,omitempty"`
	*standing
	Error string `json:"error,omitempty"`
}

// A standing says who asks where, and how the search stands.
type standing struct {
	Network rush.NetworkID `json:"network"`
	Worker  rush.WorkerID  `json:"worker"`
	Run     rush.RunStatus `json:"run"`
	Reason  string         `json:"reason"`
	countsLine
}

// serve answers requests until the input ends, as a client that lives as long.
func (a *app) serve(ctx context.Context, net *network.Rush, f askFlags) (err error) {
	// A Ctrl-C is for the script that shares the terminal.
	signal.Ignore(os.Interrupt)
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	c, err := search.OpenClient(ctx, net, search.ClientConfig{
		ID: rush.WorkerID(f.worker), Expiry: f.expiry, Version: version, Log: a.log(),
	})
	if err != nil {
		return err
	}
	defer func() {
		leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeGrace)
		defer cancel()
		err = errors.Join(err, c.Close(leave))
	}()
	s := &server{app: a, net: net, client: c}
	if s.constants, err = constantsOf(ctx, net); err != nil {
		return err
	}
	if s.schema, err = schemaOf(ctx, net); err != nil {
		return err
	}
	return s.run(ctx)
}

func (s *server) run(ctx context.Context) error {
	var gone context.CancelFunc
	s.listens, gone = context.WithCancel(ctx)
	defer gone()
	lines, readErr := make(chan []byte), make(chan error, 1)
	go func() {
		readErr <- readLines(s.app.in, lines, s.listens.Done())
		gone()
	}()
	var enc = json.NewEncoder(s.app.out)
	enc.SetEscapeHTML(false)
	for {
		select {
		case <-ctx.Done():
			return nil
		case line := <-lines:
			if err := enc.Encode(s.answer(ctx, line)); err != nil {
				return err
			}
		case err := <-readErr:
			return err
		}
	}
}

// readLines sends the lines of r until it ends.
func readLines(r io.Reader, lines chan<- []byte, done <-chan struct{}) error {
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			select {
			case lines <- line:
			case <-done:
				return nil
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// answer carries out one request.
func (s *server) answer(ctx context.Context, line []byte) answer {
	var r request
	dec := json.NewDecoder(bytes.NewReader(wire.QuoteNonFinite(line)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		return answer{Error: fmt.Sprintf("%v; see: rush ask --help", err)}
	}
	got, err := s.carryOut(ctx, r)
	if err != nil {
		got.Error = err.Error()
	}
	return got
}

func (s *server) carryOut(ctx context.Context, r request) (answer, error) {
	wait := time.Duration(r.Wait * float64(time.Second))
	switch {
	case r.Ask > 0:
		if wait > 0 {
			ctx = s.listens
		}
		got, err := s.client.Ask(ctx, r.Ask, wait)
		tasks, encodeErr := s.encode(got.Tasks)
		return answer{Tasks: &tasks, Over: &got.Over}, errors.Join(err, encodeErr)
	case r.Held:
		held, err := s.client.Held(ctx)
		tasks, encodeErr := s.encode(held)
		return answer{Tasks: &tasks}, errors.Join(err, encodeErr)
	case r.Status:
		now, err := s.status(ctx)
		return answer{standing: now}, err
	case r.Tell != nil:
		n, err := s.tell(ctx, r.Tell)
		return answer{Told: &n}, err
	case r.Push != nil:
		keys, err := s.push(ctx, r.Push)
		return answer{Keys: keys}, err
	case r.Fetch != nil:
		rows, err := s.fetch(ctx, r.Fetch, wait)
		if err != nil {
			return answer{}, err
		}
		return answer{Rows: &rows}, nil
	case r.Export != "":
		n, err := s.export(ctx, r.Export)
		if err != nil {
			return answer{}, err
		}
		return answer{Exported: &n}, nil
	}
	return answer{}, errors.New(`expected one of ask, held, status, tell, push, fetch and export, as in {"ask": 1}; see: rush ask --help`)
}

func (s *server) status(ctx context.Context) (*standing, error) {
	counts, err := s.net.Counts(ctx)
	if err != nil {
		return nil, err
	}
	run, err := s.net.Run(ctx)
	if err != nil {
		return nil, err
	}
	return &standing{s.net.ID(), s.client.ID(), run.Status, run.Reason, countsJSON(counts)}, nil
}

func (s *server) encode(tasks []*rush.Task) ([]json.RawMessage, error) {
	lines := []json.RawMessage{}
	for _, task := range tasks {
		line, err := appendTask(nil, s.client, task, s.constants)
		if err != nil {
			return lines, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// tell delivers the results and returns how many were not refused.
func (s *server) tell(ctx context.Context, raw []json.RawMessage) (int, error) {
	results := make([]rushworker.Result, len(raw))
	for i, r := range raw {
		var err error
		if results[i], err = parseTold(r); err != nil {
			return 0, fmt.Errorf("result %d of %d: %w", i+1, len(raw), err)
		}
	}
	err := s.client.Tell(ctx, results...)
	return len(results) - refused(err), err
}

// refused counts the tasks that an error is about.
func refused(err error) int {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		n := 0
		for _, e := range joined.Unwrap() {
			n += refused(e)
		}
		return n
	}
	if about := new(rush.TaskError); errors.As(err, &about) {
		return 1
	}
	return 0
}

func (s *server) push(ctx context.Context, raw []json.RawMessage) ([]rush.TaskKey, error) {
	xss := make([]rush.Values, len(raw))
	for i, r := range raw {
		var err error
		if xss[i], err = wire.ParseJSONObject(r); err != nil {
			return nil, fmt.Errorf("point %d of %d: %w", i+1, len(raw), err)
		}
	}
	return s.net.Push(ctx, xss...)
}

// fetch returns the rows of the tasks in some states, or of those that are new.
func (s *server) fetch(ctx context.Context, what json.RawMessage, wait time.Duration) ([]json.RawMessage, error) {
	var buf bytes.Buffer
	var states []string
	if string(what) == `"new"` {
		if wait > 0 {
			ctx = s.listens
		}
		fresh, err := s.net.New(ctx, wait)
		if err != nil {
			return nil, err
		}
		defer fresh.Release()
		err = table.Write(&buf, fresh, table.JSONLines, nil)
		return splitLines(buf.Bytes()), err
	}
	if err := json.Unmarshal(what, &states); err != nil {
		return nil, errors.New(`expected "fetch" with a list of states, as in {"fetch": ["finished"]}, or {"fetch": "new"}`)
	}
	wanted, err := parseStates(states)
	if err != nil {
		return nil, err
	}
	_, err = s.net.Export(ctx, &buf, &table.ExportOptions{Options: table.Options{Schema: s.schema}, Format: table.JSONLines, States: wanted})
	return splitLines(buf.Bytes()), err
}

func splitLines(b []byte) []json.RawMessage {
	rows := []json.RawMessage{}
	for line := range bytes.Lines(b) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			rows = append(rows, line)
		}
	}
	return rows
}

// export writes all tasks to a file.
func (s *server) export(ctx context.Context, path string) (n int64, err error) {
	if path == "-" {
		return 0, errors.New("standard output is for answers; expected the name of a file")
	}
	format, err := exportFormat(path, "")
	if err != nil {
		return 0, err
	}
	about, err := s.net.About(ctx)
	if err != nil {
		return 0, err
	}
	err = s.app.writeTo(path, func(w io.Writer) error {
		n, err = s.net.Export(ctx, w, &table.ExportOptions{Options: table.Options{Schema: s.schema}, Format: format, About: about})
		return err
	})
	return n, err
}
