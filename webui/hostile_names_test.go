package webui_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// Names of networks that mean something to files, addresses, headers and terminals.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	for _, name := range []string{
		"..%2f..%2fetc%2fpasswd", "%2e%2e", "..", "a%2Fb", "a%00b", "a%0ab", "%1b%5b31m", "%E2%80%AEevil", "%F0%9F%9A%80", strings.Repeat("x", 10<<10),
		"%22%3Cscript%3E", "a b", "a%20b", "%ff",
	} {
		for _, rest := range []string{"", "/tasks", "/export?format=csv", "/tasks/1"} {
			status, body, header := s.do("GET", "/api/networks/"+strings.ReplaceAll(name, " ", "%20")+rest, "")
			if status != http.StatusBadRequest && status != http.StatusNotFound && !(name == ".." && rest != "/export?format=csv") {
				t.Errorf("%.40s%s: status %d %.200s", name, rest, status, body)
			}
			if len(body) > 1000 || header.Get("Content-Disposition") != "" || strings.ContainsAny(body, "\x00\x1b\n\u202e") {
				t.Errorf("%.40s%s: %d bytes, %v: %.200q", name, rest, len(body), header, body)
			}
		}
	}
	for _, path := range []string{"//evil.example", "//evil.example/..", "/./", "/api//networks", "/assets/../index.html", "/assets/..%2f..%2fgo.mod", "/assets/%2e%2e/icon.svg", "/%2e%2e/x"} {
		if status, _, header := s.do("GET", path, ""); status != http.StatusNotFound || header.Get("Location") != "" {
			t.Errorf("%s: status %d, Location %q", path, status, header.Get("Location"))
		}
	}
}

// The file that a download becomes has the network's name, whatever letters it is of.
func TestNameOfADownload(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "rush.db")
	s := newSite(t, url, nil)
	open(t, url, "שלום-поиск")
	_, _, header := s.do("GET", "/api/networks/%D7%A9%D7%9C%D7%95%D7%9D-%D0%BF%D0%BE%D0%B8%D1%81%D0%BA/export?format=csv", "")
	if got := header.Get("Content-Disposition"); got != "attachment; filename*=utf-8''%D7%A9%D7%9C%D7%95%D7%9D-%D0%BF%D0%BE%D0%B8%D1%81%D0%BA.csv" {
		t.Errorf("the name is %q", got)
	}
	if got := header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a download may be kept: %q", got)
	}
	if _, _, header := s.do("GET", s.path("/tasks"), ""); header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("a snapshot may be kept by others: %q", header.Get("Cache-Control"))
	}
}
