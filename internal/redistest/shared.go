package redistest

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"testing"
)

var shared struct {
	once   sync.Once
	server *Server
	err    error
}

// URL returns the URL of the server that all tests of the binary share. It
// keeps no data on disk.
func URL(t testing.TB) string {
	t.Helper()
	shared.once.Do(func() { shared.server, shared.err = startShared() })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.server.URL()
}

func startShared() (*Server, error) {
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, errors.New(missing)
	}
	dir, err := os.MkdirTemp("", "redistest")
	if err != nil {
		return nil, err
	}
	s := &Server{binary: binary, dir: dir}
	if err := s.startAnywhere(); err != nil {
		return nil, err
	}
	// Nothing will be written there, and nobody will be left to remove it.
	return s, os.RemoveAll(dir)
}

// Main runs the tests and ends the shared server. It is for TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(redistest.Main(m)) }
func Main(m *testing.M) int {
	code := m.Run()
	if shared.server != nil {
		shared.server.Stop()
	}
	return code
}
