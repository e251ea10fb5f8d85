package webui_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/webui"
)

// TestWhateverHappens has pages come, sleep, go on where they were, lose their place
// and go, at random, while tasks are made, finished, retried, cancelled, deleted and
// reset at random: in the end every page has exactly the rows of the store.
func TestWhateverHappens(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			eachstore.Run(t, func(t *testing.T, url string) {
				s := newSite(t, url, func(c *webui.Config) { c.Pace = 1 })
				p := &play{t: t, site: s, url: url, rng: rand.New(rand.NewPCG(seed, 1))}
				for range 60 {
					p.step()
				}
				p.end()
			})
		})
	}
}

// A play is what happens to a network and to the pages that look at it.
type play struct {
	t     *testing.T
	site  *site
	url   string
	rng   *rand.Rand
	pages []*viewer
}

// step does one thing at random.
func (p *play) step() {
	p.t.Helper()
	switch n := p.rng.IntN(20); {
	case n < 5:
		p.make(1 + p.rng.IntN(20))
	case n < 8:
		p.change()
	case n < 9 && p.rng.IntN(3) == 0:
		if err := p.site.net.Reset(p.t.Context(), network.ResetOptions{}); err != nil {
			p.t.Fatal(err)
		}
	case n < 11 && len(p.pages) < 5:
		p.pages = append(p.pages, p.site.view())
	case len(p.pages) == 0:
	case n < 12:
		i := p.rng.IntN(len(p.pages))
		_ = p.pages[i].conn.Close()
		p.pages = append(p.pages[:i], p.pages[i+1:]...)
	case n < 14:
		p.again(p.pages[p.rng.IntN(len(p.pages))])
	default:
		p.look(p.pages[p.rng.IntN(len(p.pages))])
	}
}

// make adds tasks that are queued, finished or failed.
func (p *play) make(n int) {
	p.t.Helper()
	tasks := make([]rush.Task, n)
	for i := range tasks {
		tasks[i] = rush.Task{XS: rush.Values{"x": p.rng.Int64N(100)}}
		switch p.rng.IntN(3) {
		case 0:
			tasks[i].State, tasks[i].YS = rush.Finished, rush.Values{"y": p.rng.Float64()}
		case 1:
			tasks[i].State, tasks[i].Condition = rush.Failed, &rush.Condition{Class: rush.ClassError, Message: "no luck"}
		}
	}
	if _, err := p.site.net.PushTasks(p.t.Context(), tasks); err != nil {
		p.t.Fatal(err)
	}
}

// change retries, cancels or deletes some tasks, some of which may not be there or
// may not let it be done: then nothing happens.
func (p *play) change() {
	ctx, net := p.t.Context(), p.site.net
	for range 1 + p.rng.IntN(5) {
		key := rush.TaskKey(p.rng.IntN(200))
		switch p.rng.IntN(3) {
		case 0:
			_ = net.Retry(ctx, network.RetryOptions{IgnoreLimit: true}, key)
		case 1:
			_ = net.Cancel(ctx, key)
		case 2:
			_, _ = net.Delete(ctx, network.DeleteOptions{}, key)
		}
	}
}

// again has a page lose its connection and go on where it was; or elsewhere, as after
// a restart of the server.
func (p *play) again(v *viewer) {
	p.t.Helper()
	_ = v.conn.Close()
	at := fmt.Sprintf("%d.%d", v.epoch, v.seq)
	if p.rng.IntN(4) == 0 {
		at = []string{"1.1", fmt.Sprintf("%d.%d", v.epoch, v.seq+1000)}[p.rng.IntN(2)]
	}
	v.conn = p.site.dial(at)
}

// look has a page read some of what it is told; the others sleep.
func (p *play) look(v *viewer) {
	p.t.Helper()
	for range 1 + p.rng.IntN(3) {
		v.step()
	}
}

// end waits until all pages have what the store has, and compares every row.
func (p *play) end() {
	p.t.Helper()
	p.pages = append(p.pages, p.site.view())
	want := &viewer{site: serve(p.t, p.site.net, p.url, nil)} // it has seen nothing before
	want.snapshot()
	for i, v := range p.pages {
		for limit := time.Now().Add(20 * time.Second); !sameRows(v.rows, want.rows) && time.Now().Before(limit); {
			v.step()
		}
		if diff := cmp.Diff(withValues(want.rows), withValues(v.rows)); diff != "" {
			p.t.Errorf("page %d has other rows than the store (-store +page):\n%.2000s", i, diff)
		}
	}
	counts, err := p.site.net.Counts(p.t.Context())
	if err != nil || counts.Total() != int64(len(want.rows)) {
		p.t.Errorf("the store counts %d tasks, %v; the pages have %d", counts.Total(), err, len(want.rows))
	}
}

// sameRows reports whether two tables have the same rows, by what changes last.
func sameRows(a, b map[int64]rush.Values) bool {
	if len(a) != len(b) {
		return false
	}
	for number, row := range b {
		if a[number] == nil || a[number]["state"] != row["state"] || a[number]["attempt"] != row["attempt"] || a[number]["x"] != row["x"] || a[number]["y"] != row["y"] {
			return false
		}
	}
	return true
}

// withValues is rows without what they have no value for: a frame may lack a column that a
// snapshot has.
func withValues(rows map[int64]rush.Values) map[int64]rush.Values {
	out := map[int64]rush.Values{}
	for number, row := range rows {
		out[number] = rush.Values{}
		for name, value := range row {
			if value != nil {
				out[number][name] = value
			}
		}
	}
	return out
}
