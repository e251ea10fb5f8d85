//go:build unix

package jsonlines_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/plugins/jsonlines"
)

// patience is for how long a test waits for what should come at once.
const patience = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// prints gathers what a program prints.
type prints struct {
	mu    sync.Mutex
	lines []string
}

func (p *prints) put(stream, line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, stream+": "+line)
}

func (p *prints) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.lines)
}

// sh starts a shell with a script, whose messages are objects with y or ask.
func sh(t *testing.T, script string, out *prints) (*jsonlines.Conn, context.Context) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	c, err := jsonlines.Start(exec.Command("sh", "-c", script), &jsonlines.Options{Names: []string{"y", "ask"}, Output: out.put})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Stop(0) })
	return c, ctx
}

func receive(ctx context.Context, t *testing.T, c *jsonlines.Conn) rush.Values {
	t.Helper()
	m, err := c.Receive(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPrintsAreNoMessages(t *testing.T) {
	t.Parallel()
	var out prints
	c, ctx := sh(t, `echo hello; echo '{"x":1}'; echo '{"y":1}'; echo; echo '["y"]'; echo '  {"ask":[1.5,NaN,"é"]}'; printf 'no end'`, &out)
	if diff := cmp.Diff(rush.Values{"y": int64(1)}, receive(ctx, t, c)); diff != "" {
		t.Error(diff)
	}
	if list := receive(ctx, t, c)["ask"].([]any); list[0] != 1.5 || list[2] != "é" {
		t.Errorf("received %v", list)
	}
	if _, err := c.Receive(ctx); !errors.Is(err, jsonlines.ErrClosed) {
		t.Errorf("found the error %v, expected ErrClosed", err)
	}
	if diff := cmp.Diff([]string{"stdout: hello", `stdout: {"x":1}`, "stdout: ", `stdout: ["y"]`, "stdout: no end"}, out.all()); diff != "" {
		t.Error(diff)
	}
}

func TestLinesMayBeLong(t *testing.T) {
	t.Parallel()
	c, err := jsonlines.Start(exec.Command("cat"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Stop(0)
	long := strings.Repeat("x", 10<<20)
	if err := c.Send(t.Context(), []byte(`{"long":"`+long+`"}`)); err != nil {
		t.Fatal(err)
	}
	if m := receive(t.Context(), t, c); m["long"] != long {
		t.Errorf("received a text of %d bytes, expected %d", len(m["long"].(string)), len(long))
	}
	if exit := c.End(patience); !exit.OK() {
		t.Errorf("it ended with %v, expected that the end of its stdin ends it", exit)
	}
}

func TestABrokenMessageIsToldAndNotLost(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ line, want string }{
		{`{"y": 1`, `unexpected EOF`},
		{`{'y': 1}`, `JSON has double quotes`},
		{`{"y": 12345678901234567890}`, `does not fit into 64 bits`},
		{`{ "y": 1} {"y": 2}`, `found more after it`},
	} {
		t.Run(tc.line, func(t *testing.T) {
			t.Parallel()
			c, ctx := sh(t, `cat <<'.'`+"\n"+tc.line+"\n"+`{"y":3}`+"\n.\n", new(prints))
			_, err := c.Receive(ctx)
			if broken, ok := errors.AsType[*jsonlines.LineError](err); !ok || !strings.Contains(broken.Error(), tc.want) {
				t.Errorf("found the error %v, expected a LineError with %q", err, tc.want)
			}
			if m := receive(ctx, t, c); m["y"] != int64(3) {
				t.Errorf("received %v after it, expected y 3", m)
			}
		})
	}
}

func TestPendingFindsASecondAnswer(t *testing.T) {
	t.Parallel()
	c, ctx := sh(t, `printf '{"y":1}\n{"y":2}\n'; cat`, new(prints))
	if m := receive(ctx, t, c); m["y"] != int64(1) || !c.Pending() {
		t.Errorf("received %v; pending: %v, expected a second message", m, c.Pending())
	}
	receive(ctx, t, c)
	if c.Pending() {
		t.Error("a message is pending that was received")
	}
}

func TestAFullStderrBlocksNobody(t *testing.T) {
	t.Parallel()
	var out prints
	c, ctx := sh(t, `i=0; while [ $i -lt 20000 ]; do echo "line $i" >&2; i=$((i+1)); done; echo '{"y":1}'; exec cat >/dev/null`, &out)
	receive(ctx, t, c)
	exit := c.End(patience)
	if all := out.all(); len(all) != 20000 || !exit.OK() {
		t.Errorf("%d lines were passed on and it ended with %v, expected 20000", len(all), exit)
	}
	if !strings.HasSuffix(c.Stderr(), "line 19999") || len(c.Stderr()) > 4096 {
		t.Errorf("the last of stderr is %q", c.Stderr())
	}
}

func TestAForkDoesNotOutliveTheProgram(t *testing.T) {
	t.Parallel()
	fifo := filepath.Join(t.TempDir(), "held")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	c, ctx := sh(t, `sleep 1000 >'`+fifo+`' & read -r _; echo '{"y":1}'; exit 3`, new(prints))
	held, err := os.Open(fifo) // once the fork has it
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if err := c.Send(ctx, []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	receive(ctx, t, c)
	if _, err := c.Receive(ctx); !errors.Is(err, jsonlines.ErrClosed) {
		t.Errorf("found the error %v, expected ErrClosed", err)
	}
	if exit := c.End(patience); exit.Code != 3 {
		t.Errorf("it ended with %v, expected exit code 3", exit)
	}
	if err := held.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(held); err != nil {
		t.Errorf("the fork is alive: %v", err)
	}
}

// What a program does not read is no reason to hang: neither the sender nor, when
// the program is stopped, who writes.
func TestAProgramNeedNotRead(t *testing.T) {
	t.Parallel()
	c, ctx := sh(t, `echo '{"ask":1}'; sleep 1000`, new(prints))
	large := append(append([]byte(`{"a":"`), bytes.Repeat([]byte("x"), 1<<20)...), `"}`...)
	short, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	enough := errors.New("enough")
	var sent error
	for i := 0; sent == nil; i++ {
		if i == 8 {
			cancel(enough)
		}
		sent = c.Send(short, large)
	}
	if !errors.Is(sent, enough) {
		t.Errorf("found the error %v, expected the cause of the context", sent)
	}
	receive(ctx, t, c)
	if exit := c.Stop(0); exit.Signal != syscall.SIGKILL.String() {
		t.Errorf("it ended with %v, expected it to be killed", exit)
	}
	if err := c.Send(ctx, []byte("{}")); !errors.Is(err, jsonlines.ErrClosed) {
		t.Errorf("found the error %v, expected ErrClosed", err)
	}
}

func TestReceiveReturnsWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	c, ctx := sh(t, `exec cat >/dev/null`, new(prints))
	ctx, cancel := context.WithCancelCause(ctx)
	enough := errors.New("enough")
	cancel(enough)
	if _, err := c.Receive(ctx); !errors.Is(err, enough) {
		t.Errorf("found the error %v, expected the cause of the context", err)
	}
	if !c.Alive() {
		t.Error("the program is not alive")
	}
}

func TestALineIsOneLine(t *testing.T) {
	t.Parallel()
	c, ctx := sh(t, `exec cat`, new(prints))
	if err := c.Send(ctx, []byte("{\n}")); err == nil || !strings.Contains(err.Error(), "end of line at byte 1") {
		t.Errorf("found the error %v", err)
	}
}
