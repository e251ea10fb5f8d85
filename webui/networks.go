package webui

import (
	"context"
	"net/http"
	"time"

	"github.com/rushnet/rush"
)

// with calls f with the hub of the network that a request names.
func (h *Handler) with(r *http.Request, f func(*hub) error) error {
	b, err := h.hubs.hub(r.Context(), rush.NetworkID(r.PathValue("id")))
	if err != nil {
		return err
	}
	defer h.hubs.release(b)
	return f(b)
}

// withMeant is with for what must not happen to another network than the one that a
// page shows: "created" of the query says when that was made, if it is known.
func (h *Handler) withMeant(r *http.Request, f func(*hub) error) error {
	text := r.URL.Query().Get("created")
	if text == "" {
		return h.with(r, f)
	}
	created, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return badRequest("created is %s; expected when the network was made, as the list of networks says it", quoted(text))
	}
	again := false
	once := func(b *hub) error {
		is, err := b.net.Identity(r.Context())
		switch {
		case err != nil:
			return err
		case is.Created.Equal(created):
			return f(b)
		case is.Name != b.id: // another network may have the name by now
			again = true
			b.rename(is.Name)
		}
		return h.replaced(r.Context(), is, created)
	}
	if err = h.with(r, once); again {
		again = false
		return h.with(r, once)
	}
	return err
}

// replaced says what became of a network that a page shows, when another one has its
// name.
func (h *Handler) replaced(ctx context.Context, by Identity, created time.Time) error {
	all, err := h.cfg.Store.Networks(ctx)
	if err != nil {
		return err
	}
	became := "was replaced by one that was made at " + by.Created.UTC().Format("2006-01-02 15:04:05 UTC")
	for _, n := range all {
		if n.Created.Equal(created) {
			became = "is called " + quoted(string(n.ID)) + " by now"
		}
	}
	return &httpError{status: http.StatusConflict,
		message: "the network " + quoted(string(by.Name)) + " that this page shows " + became + ": look again; nothing was done"}
}

// networks lists the networks of the store.
func (h *Handler) networks(w http.ResponseWriter, r *http.Request) error {
	all, err := h.cfg.Store.Networks(r.Context())
	if err != nil {
		return err
	}
	type line struct {
		ID      rush.NetworkID `json:"id"`
		Created any            `json:"created"`
		Run     runLine        `json:"run"`
		Counts  countsLine     `json:"counts"`
		Workers int            `json:"workers"`
		Expires any            `json:"expires"`
		// ReadOnly says that nothing can be changed in it here.
		ReadOnly bool `json:"read_only"`
	}
	lines := make([]line, len(all))
	for i, n := range all {
		lines[i] = line{n.ID, moment(firstTime(n.Created, n.Run.Started)), runOf(n.Run), countsOf(n.Counts), n.Workers, moment(n.Expires), h.cfg.ReadOnly || n.Frozen}
	}
	return answer(w, lines)
}

// firstTime is the first time that is not zero.
func firstTime(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// definition tells what a network is about.
func (h *Handler) definition(w http.ResponseWriter, r *http.Request) error {
	return h.with(r, func(b *hub) error {
		def, err := b.net.Definition(r.Context())
		if err != nil {
			return err
		}
		if !def.Reports {
			if def.Reports, err = anyReports(r.Context(), b.net); err != nil {
				return err
			}
		}
		run, err := b.net.Run(r.Context())
		if err != nil {
			return err
		}
		counts, err := b.net.Counts(r.Context())
		if err != nil {
			return err
		}
		expires, err := h.expires(r, b.id)
		if err != nil {
			return err
		}
		readOnly := h.cfg.ReadOnly || def.Frozen
		return answer(w, struct {
			ID       rush.NetworkID `json:"id"`
			Store    string         `json:"store"`
			ReadOnly bool           `json:"read_only"`
			Starts   bool           `json:"starts_workers"` // the server can
			Expires  any            `json:"expires"`
			Created  any            `json:"created"`
			*Definition
			Run    runLine    `json:"run"`
			Counts countsLine `json:"counts"`
			Now    int64      `json:"now_us"`
		}{b.id, h.cfg.Store.Address(), readOnly, h.cfg.StartWorkers != nil && !readOnly, expires, moment(*b.created.Load()), def, runOf(run), countsOf(counts), nowMicros()})
	})
}

// expires is when a network will be deleted; nil is never.
func (h *Handler) expires(r *http.Request, id rush.NetworkID) (any, error) {
	all, err := h.cfg.Store.Networks(r.Context())
	for _, n := range all {
		if n.ID == id {
			return moment(n.Expires), err
		}
	}
	return nil, err
}

// workers lists a network's workers.
func (h *Handler) workers(w http.ResponseWriter, r *http.Request) error {
	return h.with(r, func(b *hub) error {
		workers, err := b.net.Workers(r.Context())
		if err != nil {
			return err
		}
		return answer(w, map[string]any{"workers": workersOf(workers), "now_us": nowMicros()})
	})
}

// importance tells what explains an output's variance; it is computed again when
// something has changed.
func (h *Handler) importance(w http.ResponseWriter, r *http.Request) error {
	return h.with(r, func(b *hub) error {
		i, at, err := b.shares.of(r.Context(), b, r.URL.Query().Get("target"))
		if err != nil {
			return err
		}
		return answer(w, struct {
			*Importance
			Sequence string `json:"sequence"`
		}{i, at.String()})
	})
}
