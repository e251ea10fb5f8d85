package hosted

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

// fetch brings the tasks in some states, finished ones by default, or those that
// finished since it was called last with new: as rows, or in a file.
func (s *lineServer) fetch(ctx context.Context, r *request) (reply, error) {
	states, fresh, wait, file := r.states("states"), r.flag("new"), r.seconds("wait", 0), r.text("file")
	if !fresh && wait > 0 {
		r.wrong("wait", "only new tasks can be waited for; add \"new\": true")
	}
	if fresh && !slices.Equal(states, []rush.State{rush.Finished}) {
		r.wrong("states", "only finished tasks can be new")
	}
	format := table.JSONLines
	if file != "" {
		var err error
		if format, err = table.FormatOf(file); err != nil {
			r.wrong("file", "%v", err)
		}
	}
	if err := r.complete(); err != nil {
		return nil, err
	}
	write := func(to io.Writer) error {
		if !fresh {
			_, err := s.session.w.Export(ctx, to, &table.ExportOptions{Format: format, States: states})
			return err
		}
		waiting, done := s.while(ctx)
		defer done()
		t, err := s.session.w.New(waiting, wait)
		if err != nil {
			return err
		}
		defer t.Release()
		return table.Write(to, t, format, nil)
	}
	if file != "" {
		return reply{"file": file}, s.writeFile(file, write)
	}
	var rows bytes.Buffer
	err := write(&rows)
	return reply{"rows": jsonList(rows.Bytes())}, err
}

func (r *request) states(name string) []rush.State {
	texts := r.texts(name)
	if len(texts) == 0 {
		return []rush.State{rush.Finished}
	}
	known := []rush.State{rush.Deferred, rush.Queued, rush.Running, rush.Finished, rush.Failed}
	states := make([]rush.State, len(texts))
	for i, text := range texts {
		if states[i] = rush.State(text); !slices.Contains(known, states[i]) {
			r.wrong(name, "there is no state %q; expected some of %v", text, known)
		}
	}
	return states
}

// jsonList makes a list of JSON lines.
func jsonList(lines []byte) json.RawMessage {
	joined := bytes.ReplaceAll(bytes.TrimSpace(lines), []byte("\n"), []byte(","))
	return slices.Concat([]byte("["), joined, []byte("]"))
}

// writeFile writes a file in the directory of the loop's program; it is there as a
// whole or not at all.
func (s *lineServer) writeFile(name string, write func(io.Writer) error) error {
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(s.dir, path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".rush-fetch-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	err = errors.Join(write(f), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}
