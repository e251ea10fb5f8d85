package dial_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rushnet/rush/internal/store/dial"
)

func TestAPathOpensTheEmbeddedStore(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, url, file string }{
		{"a file", "search.db", "search.db"},
		{"a file in directories that do not exist", "a/b/search.db", "a/b/search.db"},
		{"a directory", "there", "there/rush.db"},
		{"a directory that does not exist", "new/", "new/rush.db"},
		{"a file URL", "file://", "rush.db"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "there"), 0o700); err != nil {
				t.Fatal(err)
			}
			url := dir + "/" + tc.url
			if strings.HasSuffix(tc.url, "://") {
				url = tc.url + dir
			}
			s, err := dial.Open(t.Context(), url, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			want := filepath.Join(dir, tc.file)
			if s.Address() != want {
				t.Errorf("opened %s, want %s", s.Address(), want)
			}
			if _, err := os.Stat(want); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNewDirectoriesArePrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	s, err := dial.Open(t.Context(), dir+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for path, want := range map[string]os.FileMode{
		dir: 0o700 | os.ModeDir, filepath.Dir(dir): 0o700 | os.ModeDir, filepath.Join(dir, dial.FileName): 0o600,
	} {
		stat, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if stat.Mode() != want {
			t.Errorf("%s has mode %v, want %v", path, stat.Mode(), want)
		}
	}
}

// A server that is not there tells the drivers apart without one.
func TestARedisURLOpensRedis(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	socket := filepath.Join(t.TempDir(), "no.sock")
	for _, url := range []string{
		"redis://" + address, "rediss://" + address, "unix://" + socket,
		"redis+cluster://" + address, "redis+sentinel://" + address + "?master_name=m",
	} {
		s, err := dial.Open(t.Context(), url, nil)
		if err == nil {
			s.Close()
			t.Errorf("%s: opened %s, want an error of the connection", url, s.Address())
		} else if s != nil {
			t.Errorf("%s: got a store beside the error %v", url, err)
		}
	}
}

func TestOtherURLsAreRefused(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "postgres://ann:secret@host/db", "http://host", "redis:/host:6379", "redis:host"} {
		s, err := dial.Open(t.Context(), url, nil)
		if err == nil || s != nil {
			t.Fatalf("%q was opened", url)
		}
		if !strings.Contains(err.Error(), "expected redis://") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error %q should say what is expected, and not the password", url, err)
		}
	}
}
