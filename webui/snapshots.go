package webui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

// snapshots makes snapshots of a network's tasks: one at a time, which all who ask
// meanwhile read, and which is good for as long as the frames that came after it
// are kept.
type snapshots struct {
	hub *hub

	taking sync.Mutex // held by who makes one, and by who looks for one
	mu     sync.Mutex // guards what follows
	latest *taken
	ended  bool // none is begun any more
}

// A taken snapshot is all tasks as an Arrow stream, at a position or a little
// later: who applies the frames after the position has what the network has.
type taken struct {
	*spool
	at   position
	when time.Time
}

const (
	// staleFrames is after how many frames a new snapshot is better than the old
	// one and all of them.
	staleFrames = 200
	// freshFor is how long ago it may be that nothing had changed since a snapshot
	// that is to decide what an action is about.
	freshFor = 2 * time.Second
	// attempts is how often a snapshot is tried that a change spoils.
	attempts = 3
)

// get returns the newest snapshot, or begins a new one. With fresh, nothing may
// have changed since. The caller releases it.
func (s *snapshots) get(fresh bool) (*taken, error) {
	s.taking.Lock()
	defer s.taking.Unlock()
	now := s.hub.position()
	s.mu.Lock()
	t := s.latest
	s.mu.Unlock()
	if t != nil && s.good(t, now, fresh) && t.use() {
		return t, nil
	}
	return s.begin(now)
}

// good reports whether a snapshot will do.
func (s *snapshots) good(t *taken, now position, fresh bool) bool {
	done, err := t.state()
	switch {
	case err != nil:
		return false
	case fresh:
		seen := s.hub.seen.Load()
		return t.at == now && (time.Since(t.when) < freshFor || seen != nil && time.Since(*seen) < freshFor)
	}
	return s.hub.reachable(t.at) && (!done || now.seq-t.at.seq <= staleFrames) // one that is being made is not begun again
}

// standing is where the newest snapshot stands, if there is one.
func (s *snapshots) standing() (position, bool) {
	s.mu.Lock()
	t := s.latest
	s.mu.Unlock()
	if t == nil {
		return position{}, false
	}
	_, err := t.state()
	return t.at, err == nil
}

// begin begins a snapshot in the background. It ends with the hub.
func (s *snapshots) begin(at position) (*taken, error) {
	file, err := newSpool()
	if err != nil {
		return nil, fmt.Errorf("keep a snapshot among the temporary files of the page's server (TMPDIR): %w", err)
	}
	t := &taken{spool: file, at: at, when: time.Now()}
	t.use() // the caller
	t.use() // who writes
	old, err := s.replace(t)
	if err != nil {
		for range 3 {
			_ = t.release()
		}
		return nil, err
	}
	if old != nil {
		_ = old.release()
	}
	return t, nil
}

// replace makes a snapshot the newest, and has it written.
func (s *snapshots) replace(t *taken) (old *taken, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return nil, errClosing
	}
	s.hub.writing.Go(func() {
		t.finish(safely(func() error { return s.write(s.hub.ctx, t) }))
		_ = t.release()
	})
	old, s.latest = s.latest, t
	return old, nil
}

// write writes the tasks. A change that spoils it before anything was written is
// no failure.
func (s *snapshots) write(ctx context.Context, t *taken) error {
	var err error
	for range attempts {
		_, err = table.Export(ctx, s.hub.follower.src, t.spool, &table.ExportOptions{
			Options: table.Options{Schema: s.hub.definition().Schema}, Format: table.ArrowStream,
		})
		if !errors.Is(err, rush.ErrChanged) || t.written() {
			break
		}
	}
	return err
}

// written reports whether anything was written.
func (s *spool) written() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.size > 0
}

// drop forgets the snapshot.
func (s *snapshots) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropLocked()
}

func (s *snapshots) dropLocked() {
	if s.latest != nil {
		_ = s.latest.release()
		s.latest = nil
	}
}

// end forgets the snapshot, and has none made any more.
func (s *snapshots) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	s.dropLocked()
}

// snapshot sends all tasks of a network as one Arrow stream.
func (h *Handler) snapshot(w http.ResponseWriter, r *http.Request) error {
	b, err := h.hubs.hub(r.Context(), rush.NetworkID(r.PathValue("id")))
	if err != nil {
		return err
	}
	defer h.hubs.release(b)
	t, err := b.snapshots.get(r.URL.Query().Has("fresh"))
	if err != nil {
		return err
	}
	defer t.release()
	etag := `"` + t.at.String() + `"`
	w.Header().Set("Rush-Sequence", t.at.String())
	w.Header().Set("ETag", etag)
	w.Header().Set("Cache-Control", "private, no-cache")
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.Header().Set("Content-Type", "application/vnd.apache.arrow.stream")
	return stream(w, &spoolReader{spool: t.spool})
}

// stream copies what is read to a client. What fails before the first byte is an answer; after it the connection breaks, so that
// nobody takes a part for the whole.
func stream(w http.ResponseWriter, from io.Reader) error {
	buffer := make([]byte, 256<<10)
	sent := false
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if _, err := w.Write(buffer[:n]); err != nil {
				panic(http.ErrAbortHandler)
			}
			sent = true
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && sent:
			panic(http.ErrAbortHandler)
		case err != nil:
			return err
		}
	}
}
