package redistest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
)

// startTime bounds how long a server may take until it answers, and stopTime
// how long it may take to end.
const (
	startTime = 20 * time.Second
	stopTime  = 20 * time.Second
)

const missing = "redis-server is not in the PATH, and the tests need a real one: run `make test`, which installs it, or `apt-get install redis-server`"

// Options say what kind of server to start. The zero value is one without a
// password that keeps its data in memory only.
type Options struct {
	Persist  bool          // keep an append-only file, so that Start finds the data that Stop left
	Password string        // that clients have to give
	Config   string        // a configuration file, which Sentinels cannot do without
	Clock    time.Duration // by how much its clock is ahead of this machine's, in whole seconds; Linux only
	Args     []string      // more arguments for redis-server, e.g. "--maxmemory", "10mb"
}

// A Server is a redis-server process. Its methods may be called from one
// goroutine at a time.
type Server struct {
	binary string
	dir    string
	port   int
	opts   Options
	env    []string // of the process, beside this one's

	cmd  *exec.Cmd // nil while it is stopped
	done chan struct{}
	log  bytes.Buffer // what the process printed; to be read once done is closed
}

// Start starts a server that ends with the test.
func Start(t testing.TB, opts Options) *Server {
	t.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal(missing)
	}
	dir, err := os.MkdirTemp("", "redistest")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{binary: binary, dir: dir, opts: opts}
	t.Cleanup(func() {
		s.Stop()
		os.RemoveAll(dir)
	})
	if opts.Config != "" {
		if err := os.WriteFile(s.config(), []byte(opts.Config), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if opts.Clock != 0 {
		if s.env, err = shiftClock(dir, opts.Clock); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.startAnywhere(); err != nil {
		t.Fatal(err)
	}
	return s
}

// startAnywhere starts the server on a free port. Somebody else may take the
// port between the look and the start, hence several tries.
func (s *Server) startAnywhere() (err error) {
	for range 5 {
		if s.port, err = freePort(); err != nil {
			return err
		}
		if err = s.start(); err == nil {
			return nil
		}
	}
	return err
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// Addr returns host and port.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// URL returns the address as a URL, with the password if there is one.
func (s *Server) URL() string {
	if s.opts.Password != "" {
		return "redis://:" + s.opts.Password + "@" + s.Addr()
	}
	return "redis://" + s.Addr()
}

// SocketURL returns the URL of the server's Unix socket.
func (s *Server) SocketURL() string {
	if s.opts.Password != "" {
		return "unix://:" + s.opts.Password + "@" + s.socket()
	}
	return "unix://" + s.socket()
}

func (s *Server) config() string { return filepath.Join(s.dir, "redis.conf") }

func (s *Server) socket() string { return filepath.Join(s.dir, "redis.sock") }

// PID returns the server's process id; 0 while it is stopped.
func (s *Server) PID() int {
	if s.cmd == nil {
		return 0
	}
	return s.cmd.Process.Pid
}

// Stop kills the server, as a crash does. With Persist the data stays.
// Stopping one that is stopped does nothing.
func (s *Server) Stop() {
	if s.cmd == nil {
		return
	}
	s.cmd.Process.Kill()
	<-s.done
	s.cmd = nil
}

// Start starts the server again on the same port.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	if s.cmd != nil {
		t.Fatal("the Redis server runs already")
	}
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}

func (s *Server) args() []string {
	var args []string
	if s.opts.Config != "" {
		args = append(args, s.config())
	}
	args = append(args,
		"--bind", "127.0.0.1", "--port", strconv.Itoa(s.port), "--unixsocket", s.socket(),
		"--dir", s.dir, "--save", "", "--daemonize", "no",
	)
	if s.opts.Persist {
		args = append(args, "--appendonly", "yes", "--appendfsync", "always")
	}
	if s.opts.Password != "" {
		args = append(args, "--requirepass", s.opts.Password)
	}
	return append(args, s.opts.Args...)
}

// start starts the process and waits until it answers.
func (s *Server) start() error {
	cmd := exec.Command(s.binary, s.args()...)
	cmd.Env = append(os.Environ(), s.env...)
	s.log.Reset()
	cmd.Stdout, cmd.Stderr = &s.log, &s.log
	started, done := make(chan error, 1), make(chan struct{})
	go own(cmd, started, done)
	if err := <-started; err != nil {
		return fmt.Errorf("start %s: %w", s.binary, err)
	}
	s.cmd, s.done = cmd, done
	if err := s.answers(); err != nil {
		s.Stop()
		return fmt.Errorf("redis-server on %s: %w; it printed:\n%s", s.Addr(), err, s.log.String())
	}
	return nil
}

// answers waits until the server has loaded its data.
func (s *Server) answers() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	logging.Disable() // it would log each look
	client := redis.NewClient(&redis.Options{
		Addr: s.Addr(), Password: s.opts.Password, MaxRetries: -1, DialerRetries: 1, DisableIdentity: true,
	})
	defer client.Close()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		err := client.Ping(ctx).Err()
		if err == nil {
			return s.isOurs(ctx, client)
		}
		select {
		case <-s.done:
			return errors.New("it has ended")
		case <-ctx.Done():
			return fmt.Errorf("it did not answer within %v: %w", startTime, err)
		case <-tick.C:
		}
	}
}

// isOurs makes sure that it is not another server that got the port first.
func (s *Server) isOurs(ctx context.Context, client *redis.Client) error {
	info, err := client.InfoMap(ctx, "server").Result()
	if err != nil {
		return err
	}
	if pid := info["Server"]["process_id"]; pid != strconv.Itoa(s.PID()) {
		return fmt.Errorf("process %s has the port, expected %d", pid, s.PID())
	}
	return nil
}

// run starts a process, reports whether that went well, and waits for its end.
func run(cmd *exec.Cmd, started chan<- error, done chan<- struct{}) {
	defer close(done)
	err := cmd.Start()
	started <- err
	if err == nil {
		cmd.Wait()
	}
}
