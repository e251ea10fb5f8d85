package webui

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"

	"github.com/rushnet/rush"
)

// An httpError is an answer that tells what was expected, what was found, and
// what to do.
type httpError struct {
	status  int
	allow   string // of a method that is not allowed
	message string
}

func (e *httpError) Error() string { return e.message }

func notFound(format string, args ...any) error {
	return &httpError{status: http.StatusNotFound, message: fmt.Sprintf(format, args...)}
}

func badRequest(format string, args ...any) error {
	return &httpError{status: http.StatusBadRequest, message: fmt.Sprintf(format, args...)}
}

func misdirected(host string) error {
	return &httpError{status: http.StatusMisdirectedRequest,
		message: "the page was asked for as " + quoted(host) + "; expected localhost, 127.0.0.1, [::1], or a name that --host allows"}
}

// statusOf is the status that fits an error.
func statusOf(err error) int {
	var h *httpError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &h):
		return h.status
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, rush.ErrNoNetwork), errors.Is(err, rush.ErrNoTask), errors.Is(err, rush.ErrNoWorker):
		return http.StatusNotFound
	case errors.Is(err, rush.ErrState), errors.Is(err, rush.ErrAlive), errors.Is(err, rush.ErrExists), errors.Is(err, rush.ErrChanged):
		return http.StatusConflict
	}
	return http.StatusServiceUnavailable
}

// fail answers with an error, as JSON or, for a person who opens the page, as a
// sentence.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody is there to read it
	}
	status := statusOf(err)
	var he *httpError
	if errors.As(err, &he) && he.allow != "" {
		w.Header().Set("Allow", he.allow)
	}
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>rush</title><p>%s</p></html>\n", html.EscapeString(err.Error()))
		return
	}
	body := map[string]any{"error": map[string]any{"message": err.Error()}}
	b, _ := json.Marshal(body) // texts only
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	_, _ = w.Write(b) // who has gone does not read it
}

// answer writes a value as JSON.
func answer(w http.ResponseWriter, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	_, err = w.Write(b)
	if err != nil {
		return nil // who has gone does not need to be told
	}
	return nil
}

// quoted shows what somebody sent, not more than a line of it.
func quoted(s string) string {
	const most = 100
	if len(s) > most {
		s = s[:most] + "..."
	}
	return strconv.Quote(s)
}

// bare is what somebody sent as it stands, if it is a name, and quoted otherwise.
func bare(s string) string {
	if q := quoted(s); q != `"`+s+`"` || strings.ContainsAny(s, " =") {
		return q
	}
	return s
}

// shortErr is the message of an error, not more of it than is shown.
func shortErr(err error) string {
	text, _ := shortened(err.Error(), shownText)
	return text
}
