package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// busyTop is a network with much to show.
func busyTop() topData {
	now := time.Now()
	d := topData{
		network: "a-network-with-a-name-that-is-much-longer-than-others", at: now, limit: 1000, codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}},
		run:    rush.Run{Status: rush.RunRunning, Elapsed: 90 * time.Second},
		counts: rush.Counts{Finished: 300, Failed: 20, Running: 12, Queued: 668, Deferred: 3},
		spent:  rush.Spent{Evaluating: 80 * time.Second, Waiting: 20 * time.Second},
		pulse:  []beat{{now.Add(-10 * time.Second), 220}, {now, 320}},
	}
	for _, state := range []rush.WorkerState{rush.WorkerLost, rush.WorkerPaused, rush.WorkerRunning, rush.WorkerTerminated} {
		for range 3 {
			d.workers = append(d.workers, rush.Worker{ID: "a-long-worker-id", State: state, Host: "höst", Reason: "it was\x1b[2J tired", Running: []rush.TaskKey{7}})
		}
	}
	for i := range 50 {
		t := &rush.Task{Key: rush.TaskKey(i), State: rush.Finished, YS: rush.Values{"y": 0.5}, XS: rush.Values{"text": strings.Repeat("wide ", 50), "a\tb": nil}}
		if i%7 == 0 {
			t.State, t.Condition = rush.Failed, &rush.Condition{Class: rush.ClassError, Message: "it\nbroke\x1b[31m"}
		}
		d.recent = append(d.recent, t)
	}
	d.best = d.recent[3]
	return d
}

func TestTopFitsOnTheScreen(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]topData{"busy": busyTop(), "nothing read yet": {}, "empty": {at: time.Now()}} {
		for _, size := range [][2]int{{80, 24}, {200, 60}, {40, 12}, {10, 6}, {1, 1}} {
			s := topScreen{topData: data, now: time.Now(), width: size[0], height: size[1]}
			text := s.String()
			lines := strings.Split(text, "\n")
			if len(lines) > s.height {
				t.Errorf("%s at %v: there are %d lines", name, size, len(lines))
			}
			for _, line := range lines {
				if n := utf8.RuneCountInString(line); n > s.width {
					t.Errorf("%s at %v: a line is %d wide: %q", name, size, n, line)
				}
			}
			if strings.ContainsAny(text, "\x1b\t\r") {
				t.Errorf("%s at %v: there are control characters: %q", name, size, text)
			}
		}
	}
}

func TestTopShowsWhatMatters(t *testing.T) {
	t.Parallel()
	s := topScreen{topData: busyTop(), now: time.Now(), width: 80, height: 24}
	for _, want := range []string{
		"running, 1m30s", "320/1000", "300 finished, 20 failed, 12 running, 668 queued, 3 deferred", "speed  10/s now, 3.6/s over the run",
		"80% evaluating, 0% proposing, 20% waiting", "and 6 more; 6 of 12 are alive", "task 7", "         3  best      y 0.5", "failed    error: it",
		"q quit  p pause",
	} {
		if text := s.String(); !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	s.color = true
	if !strings.Contains(s.String(), "\x1b[32m") {
		t.Error("the best result has no color")
	}
	s.best, s.front = nil, "4 in the Pareto set"
	if text := s.String(); !strings.Contains(text, "best   4 in the Pareto set") {
		t.Errorf("there is no Pareto set in\n%s", text)
	}
	s.trouble = errors.New("connection refused")
	if !strings.Contains(s.String(), "the store cannot be reached: connection refused") {
		t.Error("it is not said that the store is away")
	}
}

func TestTopKeys(t *testing.T) {
	t.Parallel()
	m := newTopModel()
	press := func(key rune) tea.Cmd {
		_, cmd := m.Update(tea.KeyPressMsg(tea.Key{Code: key, Text: string(key)}))
		return cmd
	}
	m.Update(busyTop())
	m.Update(tea.WindowSizeMsg{Width: 100, Height: 30})
	if m.screen.width != 100 || m.screen.height != 30 {
		t.Errorf("the screen is %d x %d, want 100 x 30", m.screen.width, m.screen.height)
	}
	press('p')
	later := busyTop()
	later.counts.Finished++
	m.Update(later)
	if m.screen.counts.Finished != 300 || !strings.Contains(m.View().Content, "paused") {
		t.Errorf("the paused view shows %d", m.screen.counts.Finished)
	}
	press('p')
	if m.screen.counts.Finished != 301 {
		t.Errorf("the view that goes on shows %d, want 301", m.screen.counts.Finished)
	}
	for key, want := range map[rune]int{tea.KeyUp: 0, tea.KeyDown: 1, tea.KeyPgDown: 15, tea.KeyPgUp: 0} {
		m.screen.scroll = 0
		m.Update(tea.KeyPressMsg(tea.Key{Code: key}))
		if m.screen.scroll != want {
			t.Errorf("key %v scrolls to %d, want %d", tea.Key{Code: key}, m.screen.scroll, want)
		}
	}
	for range 100 {
		press('j')
	}
	if m.screen.scroll != 49 {
		t.Errorf("it scrolls to %d, want 49, the last result", m.screen.scroll)
	}
	if cmd := press('q'); cmd == nil || cmd() != tea.Quit() {
		t.Error("q does not quit")
	}
}

// The program follows a network that works, and ends with a key.
func TestTopFollowsANetwork(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		name := rush.NetworkID("watched-" + uuid.NewString())
		net, err := network.Open(ctx, network.Config{Store: url, Network: name})
		if err != nil {
			t.Fatal(err)
		}
		defer net.Close()
		w, err := newTopWatch(ctx, net)
		if err != nil {
			t.Fatal(err)
		}
		keys, typed := io.Pipe()
		defer typed.Close()
		var out bytes.Buffer
		var seen atomic.Int64
		// What the network does next follows from what the screen shows.
		look := func(_ tea.Model, msg tea.Msg) tea.Msg {
			d, ok := msg.(topData)
			switch {
			case !ok:
			case seen.Load() == 0 && len(d.workers) == 0:
				seen.Store(1)
				go startWatched(t, ctx, net)
			case seen.Load() == 1 && len(d.workers) == 1:
				seen.Store(2)
				go pushWatched(t, ctx, net)
			case seen.Load() == 2 && d.counts.Finished == 3 && len(d.recent) == 3:
				seen.Store(3)
				go typed.Write([]byte("q"))
			}
			return msg
		}
		err = runTop(ctx, w, tea.WithInput(keys), tea.WithOutput(&out), tea.WithWindowSize(80, 24), tea.WithFilter(look), tea.WithoutSignals())
		if err != nil || seen.Load() != 3 {
			t.Errorf("it ended at step %d with %v, want step 3", seen.Load(), err)
		}
		if !strings.Contains(out.String(), "watched") {
			t.Errorf("the screen does not name the network: %q", out.String())
		}
	})
}

func startWatched(t *testing.T, ctx context.Context, net *network.Rush) {
	square := loops.ObjectiveFunc(func(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
		return rush.Values{"y": e.XS["x"]}, nil
	})
	_, err := net.StartInProcess(ctx, network.Workers{N: 1}, func(context.Context, *rushworker.Worker) (loops.Loop, error) {
		return &loops.Queue{Problem: &loops.Problem{Objective: square}}, nil
	})
	if err != nil {
		t.Error(err)
	}
}

func pushWatched(t *testing.T, ctx context.Context, net *network.Rush) {
	if _, err := net.Push(ctx, rush.Values{"x": 1.0}, rush.Values{"x": 2.0}, rush.Values{"x": 3.0}); err != nil {
		t.Error(err)
	}
}
