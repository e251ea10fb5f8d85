package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/rushnet/rush/internal/eachstore"
)

var launchAddress = regexp.MustCompile(`http://127\.0\.0\.1:\d+/\S*launch\?code=\S+`)

// address waits until a command has printed the address of the page.
func (p *process) address() string {
	p.t.Helper()
	var found string
	until(p.t, "the address is printed", func() bool {
		found = launchAddress.FindString(p.stderr.String())
		return found != ""
	})
	return found
}

// fetch opens an address as a browser, and then what is at a path of the same page.
func fetch(t *testing.T, launch, path string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	for _, address := range []string{launch, launch[:strings.Index(launch, "/launch")] + path} {
		res, err := browser.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: status %d, %v\n%s", address, res.StatusCode, err, b)
		}
		if address != launch {
			return string(b)
		}
	}
	return ""
}

func TestUI(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h := newHome(t, url)
		h.run(exitDone, "run", h.write("search.yaml", slowSearch("watched", 5, "")), "-q")
		p := h.start("ui", "watched", "--no-browser", "--read-only", "--base-path", "/rush")
		got := fetch(t, p.address(), "/api/networks")
		if !strings.Contains(got, `"watched"`) || !strings.Contains(got, `"finished":5`) {
			t.Errorf("the networks are %s", got)
		}
		p.signal(syscall.SIGTERM)
		if code := p.wait(); code != exitDone {
			t.Errorf("rush ui ended with %d\n%s", code, p.output())
		}
		if strings.Contains(p.stdout.String(), "launch") {
			t.Error("the address is part of the output proper")
		}
		if out := h.run(exitFailed, "ui", "nothing", "--no-browser"); !strings.Contains(out, "there is no network nothing") {
			t.Errorf("the error is %s", out)
		}
		if out := h.run(exitFailed, "ui", "--no-browser", "--address", "0.0.0.0"); !strings.Contains(out, "TLS") {
			t.Errorf("the error is %s", out)
		}
	})
}

func TestRunWithPage(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h := newHome(t, url)
		p := h.start("run", h.write("search.yaml", slowSearch("shown", 5, "")), "--ui", "--no-browser")
		launch := p.address()
		until(t, "the run is over", func() bool { return strings.Contains(p.stderr.String(), "the page stays") })
		if got := fetch(t, launch, "/api/networks/shown"); !strings.Contains(got, `"status":"done"`) {
			t.Errorf("the network is %s", got)
		}
		p.signal(syscall.SIGINT)
		if code := p.wait(); code != exitDone {
			t.Errorf("rush run ended with %d\n%s", code, p.output())
		}
	})
}
