package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

// The screen when there is no terminal to ask.
const (
	plainWidth  = 80
	plainHeight = 24
)

func (a *app) topCommand() *cobra.Command {
	var once bool
	c := &cobra.Command{
		Use:   "top [NETWORK]",
		Short: "Watch a network on the terminal while it works",
		Long: `Watch a network on the terminal: its tasks and how fast they end, its workers and
what they do, where the time goes, and the newest results. The screen changes
when something happens in the network.

Keys: q quits, p pauses the view, the arrow keys and page up and down scroll the
results. NO_COLOR=1 leaves the colors out.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			out, isFile := a.out.(*os.File)
			if !once && (!isFile || !term.IsTerminal(int(out.Fd()))) {
				return exitError{exitUsage, errors.New("rush top needs a terminal; --once prints one screen anywhere")}
			}
			net, err := a.openNetwork(cmd.Context(), first(args))
			if err != nil {
				return err
			}
			defer net.Close()
			w, err := newTopWatch(cmd.Context(), net)
			if err != nil {
				return err
			}
			if once {
				return a.topOnce(cmd.Context(), w)
			}
			return runTop(cmd.Context(), w)
		},
	}
	c.Flags().BoolVar(&once, "once", false, "print one screen and end")
	return c
}

// topOnce prints one screen, as large as the terminal.
func (a *app) topOnce(ctx context.Context, w *topWatch) error {
	data, err := w.look(ctx, 0)
	if err != nil {
		return err
	}
	s := topScreen{topData: data, now: time.Now(), width: plainWidth, height: plainHeight, once: true}
	if f, ok := a.out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if width, height, err := term.GetSize(int(f.Fd())); err == nil {
			s.width, s.height = width, height-1
		}
		s.color = os.Getenv("NO_COLOR") == ""
	}
	_, err = fmt.Fprintln(a.out, s.String())
	return err
}

// runTop shows the screen until a person quits.
func runTop(ctx context.Context, w *topWatch, options ...tea.ProgramOption) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := tea.NewProgram(newTopModel(), append([]tea.ProgramOption{tea.WithContext(ctx)}, options...)...)
	watched := make(chan error, 1)
	go func() { watched <- w.run(ctx, func(d topData) { p.Send(d) }, func(err error) { p.Send(err) }) }()
	_, err := p.Run()
	cancel()
	if ended := <-watched; ended != nil && !errors.Is(ended, context.Canceled) {
		return ended
	}
	if errors.Is(err, tea.ErrInterrupted) {
		return nil
	}
	return err
}

// A topModel is what is on the screen; it belongs to the program's loop.
type topModel struct {
	latest topData // the newest
	screen topScreen
	paused bool
}

func newTopModel() *topModel {
	return &topModel{screen: topScreen{width: plainWidth, height: plainHeight, now: time.Now(), color: os.Getenv("NO_COLOR") == ""}}
}

var _ tea.Model = (*topModel)(nil)

// A topTick moves the clocks on the screen; it reads nothing.
type topTick time.Time

func tickTop() tea.Cmd { return tea.Tick(time.Second, func(t time.Time) tea.Msg { return topTick(t) }) }

// Init starts the clock.
func (m *topModel) Init() tea.Cmd { return tickTop() }

// Update takes news, keys, and the size of the terminal.
func (m *topModel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case topData:
		m.latest = msg
		m.screen.trouble = nil
		if !m.paused {
			m.screen.topData = msg
		}
	case error:
		m.screen.trouble = msg
	case topTick:
		if !m.paused {
			m.screen.now = time.Time(msg)
		}
		return m, tickTop()
	case tea.WindowSizeMsg:
		m.screen.width, m.screen.height = msg.Width, msg.Height
	case tea.KeyPressMsg:
		return m, m.key(msg.String())
	}
	return m, nil
}

func (m *topModel) key(name string) tea.Cmd {
	s := &m.screen
	switch name {
	case "q", "ctrl+c", "esc":
		return tea.Quit
	case "p", "space":
		m.paused = !m.paused
		s.paused = m.paused
		if !m.paused {
			s.topData, s.now = m.latest, time.Now()
		}
	case "down", "j":
		s.scroll++
	case "up", "k":
		s.scroll--
	case "pgdown":
		s.scroll += s.height / 2
	case "pgup":
		s.scroll -= s.height / 2
	case "home":
		s.scroll = 0
	}
	s.scroll = max(0, min(s.scroll, len(s.recent)-1))
	return nil
}

// View draws the screen.
func (m *topModel) View() tea.View {
	v := tea.NewView(m.screen.String())
	v.AltScreen = true
	v.WindowTitle = "rush top"
	return v
}

// newTopWatch reads what a network is about.
func newTopWatch(ctx context.Context, net *network.Rush) (*topWatch, error) {
	def, err := readDefinition(ctx, net)
	if err != nil {
		return nil, err
	}
	w := &topWatch{net: net, data: topData{network: net.ID(), address: net.Address()}, p: newProgress(net.Archive, net.ID(), nil, 0)}
	if def != nil {
		w.p.codomain = def.Codomain
		w.data.limit = def.Limit()
		w.data.codomain = def.Codomain
	}
	return w, nil
}

// taskShown are the parts of a task that the screen shows.
const taskShown = rush.FieldXS | rush.FieldYS | rush.FieldCondition | rush.FieldTimes | rush.FieldWorker
