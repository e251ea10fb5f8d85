package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush"
)

// A topScreen is one screen of rush top.
type topScreen struct {
	topData
	now           time.Time
	width, height int
	scroll        int // results above the first that is shown
	paused, once  bool
	color         bool
	trouble       error // of the store
}

// The colors.
const (
	bold   = "1"
	faint  = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	invert = "7"
)

// paint colors a text.
func (s *topScreen) paint(code, text string) string {
	if !s.color || code == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// fit cuts a line to the screen's width. What it is made of comes from
// elsewhere and must not steer the terminal.
func (s *topScreen) fit(code, line string) string {
	line = printable(strings.ReplaceAll(line, "\t", " "))
	if r := []rune(line); len(r) > s.width {
		line = string(r[:max(0, s.width-1)]) + "…"
	}
	return s.paint(code, line)
}

// String draws the screen: never more lines than it is high, nor wider ones.
func (s *topScreen) String() string {
	lines := s.head()
	foot := s.foot()
	left := s.height - len(lines) - len(foot)
	workers := s.workerLines(max(3, left/2))
	lines = append(lines, workers...)
	lines = append(lines, s.resultLines(left-len(workers))...)
	lines = lines[:max(0, min(len(lines), s.height-len(foot)))]
	for !s.once && len(lines) < s.height-len(foot) {
		lines = append(lines, "")
	}
	return strings.Join(append(lines, foot...), "\n")
}

func (s *topScreen) head() []string {
	if s.at.IsZero() {
		return []string{s.fit(bold, "rush top: reading the network")}
	}
	state := fmt.Sprintf("%s, %s", status(s.run.Status), seconds(s.elapsed(s.now)))
	if s.run.Reason != "" && s.run.Reason != string(s.run.Status) {
		state += ": " + s.run.Reason
	}
	late, all := s.rates(s.now)
	c := s.counts
	tasks := fmt.Sprintf("%d finished, %d failed, %d running, %d queued", c.Finished, c.Failed, c.Running, c.Queued)
	if c.Deferred > 0 {
		tasks += fmt.Sprintf(", %d deferred", c.Deferred)
	}
	ended := fmt.Sprintf("%d%s", c.Ended(), of(s.limit))
	if s.limit > 0 {
		ended = bar(float64(c.Ended())/float64(s.limit), max(8, min(24, s.width/4-10))) + " " + ended
	}
	lines := []string{
		s.fit(bold, fmt.Sprintf("%s  %s", s.network, state)),
		s.fit("", fmt.Sprintf("%s  %s", ended, tasks)),
		s.fit("", fmt.Sprintf("speed  %s now, %s over the run", rate(late), rate(all))),
		s.fit("", "time   "+s.spentText()),
	}
	if s.front != "" {
		lines = append(lines, s.fit(green, "best   "+s.front))
	}
	return append(lines, "")
}

// spentText says where the time of the tasks that have ended went.
func (s *topScreen) spentText() string {
	total := s.spent.Proposing + s.spent.Waiting + s.spent.Evaluating + s.spent.Storing
	if total <= 0 {
		return "nothing has ended yet"
	}
	share := func(d time.Duration) string { return fmt.Sprintf("%.0f%%", 100*float64(d)/float64(total)) }
	return fmt.Sprintf("%s evaluating, %s proposing, %s waiting, %s storing",
		share(s.spent.Evaluating), share(s.spent.Proposing), share(s.spent.Waiting), share(s.spent.Storing))
}

// workerLines is the table of workers, those that are alive first, in at most
// that many lines, with an empty one behind.
func (s *topScreen) workerLines(most int) []string {
	workers := slices.Clone(s.workers)
	alive := 0
	for _, w := range workers {
		if w.State.Alive() {
			alive++
		}
	}
	slices.SortStableFunc(workers, func(a, b rush.Worker) int {
		switch {
		case a.State.Alive() == b.State.Alive():
			return 0
		case a.State.Alive():
			return -1
		}
		return 1
	})
	lines := []string{s.fit(invert, pad(fmt.Sprintf("%-10s %-10s %8s %5s  %-10s %s", "WORKER", "STATE", "TASKS", "BUSY", "NOW", "WHERE"), s.width))}
	room := max(1, most-3)
	for i, w := range workers {
		if i == room && len(workers) > room {
			lines = append(lines, s.fit(faint, fmt.Sprintf("and %d more; %d of %d are alive", len(workers)-room, alive, len(workers))))
			break
		}
		lines = append(lines, s.workerLine(w))
	}
	return append(lines, "")
}

func (s *topScreen) workerLine(w rush.Worker) string {
	doing, code := "-", ""
	switch {
	case w.State == rush.WorkerPaused:
		code = yellow
	case w.State == rush.WorkerLost || w.State == rush.WorkerKilled:
		code = red
	case !w.State.Alive():
		code = faint
	case len(w.Running) > 0:
		doing = fmt.Sprintf("task %d", w.Running[0])
	default:
		doing = "idle"
	}
	where := fmt.Sprintf("%s:%d", w.Host, w.PID)
	if w.Reason != "" {
		where += "  " + w.Reason
	}
	return s.fit(code, fmt.Sprintf("%-10s %-10s %8d %4.0f%%  %-10s %s", oneLine(string(w.ID), 10), w.State, w.Tasks, 100*utilization(w), doing, where))
}

// resultLines is the table of results, the best one first, then the newest.
func (s *topScreen) resultLines(most int) []string {
	if most < 2 {
		return nil
	}
	lines := []string{s.fit(invert, pad(fmt.Sprintf("%10s  %-9s %s", "TASK", "STATE", "RESULT (the newest first)"), s.width))}
	if s.best != nil {
		lines = append(lines, s.fit(green, s.resultLine(s.best, "best")))
	}
	for _, t := range s.recent[min(s.scroll, len(s.recent)):] {
		if len(lines) == most {
			break
		}
		code := ""
		if t.State == rush.Failed {
			code = red
		}
		lines = append(lines, s.fit(code, s.resultLine(t, string(t.State))))
	}
	return lines
}

func (s *topScreen) resultLine(t *rush.Task, state string) string {
	line := fmt.Sprintf("%10d  %-9s ", t.Key, state)
	if t.State == rush.Failed {
		if t.Condition != nil {
			line += printable(t.Condition.Error())
		}
		return line
	}
	var parts []string
	shown := map[string]bool{}
	for _, target := range s.codomain { // in the order of the codomain
		if v, ok := t.YS[target.Name]; ok {
			parts, shown[target.Name] = append(parts, short(target.Name, v)), true
		}
	}
	for _, name := range sortedNames(t.YS) {
		if !shown[name] {
			parts = append(parts, short(name, t.YS[name]))
		}
	}
	for _, name := range sortedNames(t.XS) {
		parts = append(parts, short(name, t.XS[name]))
	}
	return line + strings.Join(parts, "  ")
}

// short is a value and its name in little room.
func short(name string, v any) string {
	if f, ok := v.(float64); ok {
		return fmt.Sprintf("%s %.5g", name, f)
	}
	return name + " " + printable(fmt.Sprint(v))
}

func (s *topScreen) foot() []string {
	switch {
	case s.once:
		return nil
	case s.trouble != nil:
		return []string{s.fit(red, "the store cannot be reached: "+printable(s.trouble.Error()))}
	case s.paused:
		return []string{s.fit(yellow, "paused  p go on  ↑↓ scroll  q quit")}
	}
	return []string{s.fit(faint, "q quit  p pause  ↑↓ scroll")}
}

// pad fills a line with spaces.
func pad(line string, width int) string {
	if n := len([]rune(line)); n < width {
		return line + strings.Repeat(" ", width-n)
	}
	return line
}
