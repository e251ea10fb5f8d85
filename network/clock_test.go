package network_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// A tap lets connections through to a server, and keeps what they send.
type tap struct {
	mu   sync.Mutex // guards sent
	sent bytes.Buffer
}

func (p *tap) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sent.Write(b)
}

// open listens for connections to the server of a URL, and returns the URL by
// which it is reached through the tap.
func (p *tap) open(t *testing.T, raw string) string {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	server := u.Host
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); serving.Wait() })
	serving.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			behind, err := net.Dial("tcp", server)
			if err != nil {
				_ = client.Close()
				continue
			}
			serving.Go(func() { _, _ = io.Copy(behind, io.TeeReader(client, p)); _ = behind.Close() })
			serving.Go(func() { _, _ = io.Copy(client, behind); _ = client.Close() })
		}
	})
	u.Host = l.Addr().String()
	return u.String()
}

// The times of tasks are the server's: whatever the clock of a worker's machine
// says, it is not sent, so that it cannot be stored.
func TestNoClockButTheStoresIsWritten(t *testing.T) {
	t.Parallel()
	var p tap
	ctx, server := within(t), redistest.URL(t)
	net := open(t, p.open(t, server))
	limit(t, ctx, net, 8)
	pushed, err := net.PushTasks(ctx, []rush.Task{
		{XS: rush.Values{"x": 1.0}}, {XS: rush.Values{"x": 2.0}, Options: rush.Options{Timeout: time.Minute, MaxRetries: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = net.StartInProcess(ctx, network.Workers{N: 2}, func(context.Context, *rushworker.Worker) (loops.Loop, error) {
		return suite["random_search"](&loops.Problem{Objective: loops.ObjectiveFunc(square)}), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	<-net.LocalDone()
	for _, task := range ended(t, ctx, net, append(pushed, 5)...) {
		if task.Created.IsZero() || task.Started.Before(task.Created) || task.Finished.Before(task.Started) {
			t.Errorf("task %d: created %v, started %v, finished %v", task.Key, task.Created, task.Started, task.Finished)
		}
	}
	// A clock's time, in seconds or finer, begins with these digits for hours.
	digits := strconv.FormatInt(time.Now().Unix(), 10)[:5]
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sent.Len() == 0 {
		t.Fatal("nothing went through the tap")
	}
	// Who looks for what has expired asks the server for its time and hands it back.
	expired := regexp.MustCompile(`rush:expiring\r\n\$4\r\n-inf\r\n\$16\r\n[0-9]{16}`)
	sent := expired.ReplaceAll(p.sent.Bytes(), nil)
	if found := regexp.MustCompile(`\b`+digits+`[0-9]{5,14}\b`).FindAll(sent, 3); len(found) > 0 {
		t.Errorf("times were sent: %s", found)
	}
}
