//go:build unix

package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
)

// action asks the page for something, as a program with the token, and returns the
// status and the answer.
func (h *home) action(launch, token, network, verb, body string) (int, string) {
	h.t.Helper()
	address := launch[:strings.Index(launch, "/launch")] + "/api/networks/" + network + "/actions/" + verb
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	secret, err := os.ReadFile(token)
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(secret)))
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// Workers that the page starts outlive it, and end with the run; none are started
// for a run that is over.
func TestWorkersOfThePageOutliveIt(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h, id := newHome(t, url), unique(t, "added")
		h.define(h.write("search.yaml", slowSearch(id, 100, "")), rush.NetworkID(id))
		token := filepath.Join(h.dir, "token")
		p := h.start("ui", "--no-browser", "--token-file", token)
		status, body := h.action(p.address(), token, id, "start", `{"n": 2}`)
		if status != http.StatusOK || !strings.Contains(body, `"done":2`) {
			t.Fatalf("the answer is %d %s", status, body)
		}
		p.signal(syscall.SIGTERM)
		if code := p.wait(); code != exitDone {
			t.Errorf("rush ui ended with %d\n%s", code, p.output())
		}
		h.ended(rush.NetworkID(id), 100)
		over := unique(t, "over")
		h.run(exitDone, "run", h.write("over.yaml", slowSearch(over, 3, "")), "-q")
		again := h.start("ui", "--no-browser", "--token-file", token)
		status, body = h.action(again.address(), token, over, "start", `{"n": 1}`)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, "--resume") {
			t.Errorf("for a run that is over the answer is %d %s", status, body)
		}
		reading := h.start("ui", "--no-browser", "--token-file", token, "--read-only")
		if status, body = h.action(reading.address(), token, id, "start", `{"n": 1}`); status != http.StatusForbidden {
			t.Errorf("read-only: %d %s", status, body)
		}
	})
}
