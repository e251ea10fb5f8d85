package examples_test

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestThePageInAServerOfOnesOwn asks the server of the example, with and without its
// password, for its own page, the page of rush and a network.
func TestThePageInAServerOfOnesOwn(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("it ends by an interrupt")
	}
	u := newUser(t)
	u.run("rush", "run", "--quiet", "branin/search.yaml", "--set", "terminate.evals=5")
	lab, end := u.startPage()
	for _, c := range []struct {
		path, password string
		status         int
		has            string
	}{
		{"/", "guess", http.StatusUnauthorized, "who are you?"},
		{"/rush/", "guess", http.StatusUnauthorized, "who are you?"},
		{"/", "secret", http.StatusOK, `href="rush/"`},
		{"/rush/", "secret", http.StatusOK, `id="page"`},
		{"/rush/api/networks/branin", "secret", http.StatusOK, `"finished":5`},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, lab+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth("ann", c.password)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != c.status || !strings.Contains(string(text), c.has) {
			t.Errorf("%s with %s: got %d, %v, %.300s; expected %d with %q", c.path, c.password, res.StatusCode, err, text, c.status, c.has)
		}
	}
	end()
}

// startPage starts the example on a free port. It returns its address, and what
// interrupts it and waits until it has ended.
func (u user) startPage() (address string, end func()) {
	u.t.Helper()
	cmd := exec.CommandContext(u.t.Context(), filepath.Join(bin, "page"))
	cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+u.data, "RUSH_STORE=", "REDIS_URL=", "LAB_PASSWORD=secret", "LAB_ADDRESS=127.0.0.1:0")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		u.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		u.t.Fatal(err)
	}
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	if address = regexp.MustCompile(`http://[\d.:]+`).FindString(line); address == "" {
		u.t.Fatalf("the page says %q", line)
	}
	return address, func() {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			u.t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			u.t.Errorf("the page ended with %v", err)
		}
	}
}
