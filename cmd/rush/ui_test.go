package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
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

// A server that is killed and started again on its port knows the browser of before.
func TestUIKilledAndStartedAgain(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, store string) {
		h := newHome(t, store)
		h.run(exitDone, "run", h.write("search.yaml", slowSearch("kept", 5, "")), "-q")
		p := h.start("ui", "--no-browser")
		launch, err := url.Parse(p.address())
		if err != nil {
			t.Fatal(err)
		}
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		browser := &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}
		get := func(address string) int {
			t.Helper()
			res, err := browser.Get(address)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			return res.StatusCode
		}
		get(launch.String())
		p.signal(syscall.SIGKILL)
		<-p.done
		again := h.start("ui", "--no-browser", "--port", launch.Port())
		_ = again.address()
		if status := get("http://" + launch.Host + "/api/networks/kept"); status != http.StatusOK {
			t.Errorf("the browser is answered %d by the new server\n%s", status, again.output())
		}
		if status := get(launch.String()); status != http.StatusOK { // it has the cookie
			t.Errorf("the old address is answered %d", status)
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
