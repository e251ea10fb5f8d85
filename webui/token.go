package webui

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// NewToken makes a token of 256 random bits.
func NewToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// TokenFile reads the token in a file, and makes one there, which only its owner
// can read, if there is no file. It refuses a file that others can read, and one
// without a token.
func TokenFile(path string) (string, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeTokenFile(path)
	}
	if err != nil {
		return "", fmt.Errorf("read the token: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("read the token: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return "", fmt.Errorf("others can read the token in %s (its mode is %04o; expected 0600): chmod 600 it, or remove it to get a new one", path, mode)
	}
	token := strings.TrimSpace(string(b))
	if len(token) < MinTokenBytes {
		return "", fmt.Errorf("the token in %s has %d characters; expected %d or more: remove the file to get a new one", path, len(token), MinTokenBytes)
	}
	return token, nil
}

// makeTokenFile makes the file; of several that do so at the same time one wins.
func makeTokenFile(path string) (string, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("keep the token: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".token-*") // of mode 0600
	if err != nil {
		return "", fmt.Errorf("keep the token: %w", err)
	}
	defer os.Remove(tmp.Name())
	token := NewToken()
	_, err = tmp.WriteString(token + "\n")
	if err = errors.Join(err, tmp.Close()); err != nil {
		return "", fmt.Errorf("keep the token: %w", err)
	}
	if err := os.Link(tmp.Name(), path); err == nil {
		return token, nil
	} else if errors.Is(err, fs.ErrExist) {
		return TokenFile(path)
	}
	if err := os.Rename(tmp.Name(), path); err != nil { // where there are no links
		return "", fmt.Errorf("keep the token: %w", err)
	}
	return token, nil
}

// authenticated reports whether a request has the token: as a cookie that a launch
// set, or as a header of a program.
func (h *Handler) authenticated(r *http.Request) bool {
	if h.cfg.Open {
		return true
	}
	if b := bearer(r); b != "" && same(b, h.cfg.Token) {
		return true
	}
	want := h.cookieValue()
	for _, c := range r.CookiesNamed(cookieName(r)) {
		if same(c.Value, want) {
			return true
		}
	}
	return false
}

// cookieValue is what the cookie holds: not the token itself, so that who sees the
// one does not have the other, but the same after a restart.
func (h *Handler) cookieValue() string {
	mac := hmac.New(sha256.New, []byte(h.cfg.Token))
	mac.Write([]byte("rush ui cookie"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// cookieName has the port, as browsers send the cookies of a host to all of its
// ports. It is the port that the browser sees, which ssh -L can change.
func cookieName(r *http.Request) string {
	_, port := splitHost(r.Host)
	if port == "" {
		port = "default"
	}
	return "rush-ui-" + port
}

func bearer(r *http.Request) string {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return ""
	}
	return token
}

// same compares in a time that tells nothing about where two texts differ, or how
// long the right one is.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
