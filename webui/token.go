package webui

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
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
	token, err := readTokenFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return token, err
	}
	if err := makeTokenFile(path); err != nil {
		return "", err
	}
	return readTokenFile(path) // ours, or that of another process
}

// mostToken is the longest token that a file may have, in bytes.
const mostToken = 4096

func readTokenFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the token: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return "", fmt.Errorf("read the token: %w", err)
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is no file of a token (it is %s)", path, info.Mode())
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return "", fmt.Errorf("others can read the token in %s (its mode is %04o; expected 0600): chmod 600 it, or remove it to get a new one", path, mode)
	}
	b, err := io.ReadAll(io.LimitReader(file, mostToken+1))
	if err != nil {
		return "", fmt.Errorf("read the token: %w", err)
	}
	if len(b) > mostToken {
		return "", fmt.Errorf("%s is no file of a token: it has more than %d bytes", path, mostToken)
	}
	token := strings.TrimSpace(string(b))
	if len(token) < MinTokenBytes {
		return "", fmt.Errorf("the token in %s has %d characters; expected %d or more: remove the file to get a new one", path, len(token), MinTokenBytes)
	}
	return token, nil
}

// makeTokenFile makes the file; of several that do so at the same time one wins.
func makeTokenFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("keep the token: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".token-*") // of mode 0600
	if err != nil {
		return fmt.Errorf("keep the token: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(NewToken() + "\n")
	if err = errors.Join(err, tmp.Close()); err != nil {
		return fmt.Errorf("keep the token: %w", err)
	}
	if err := os.Link(tmp.Name(), path); err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err := os.Rename(tmp.Name(), path); err != nil { // where there are no links
		return fmt.Errorf("keep the token: %w", err)
	}
	return nil
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
