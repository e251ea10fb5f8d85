package search

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
)

// Changes says how a search differs from what it was when it began, a sentence
// each.
type Changes struct {
	Refused []string // with these it is another search
	Allowed []string // limits and the like, which a resume may change
}

// Diff compares the search that a network was defined with and one that is to
// go on in it. A seed that the new one does not name, and the version of rush,
// are no difference.
func Diff(old, now *Definition) Changes {
	var c Changes
	for _, s := range space.Diff(old.Space, now.Space) {
		c.Refused = append(c.Refused, "space: "+s)
	}
	c.refuse("codomain", showCodomain(old.Codomain), showCodomain(now.Codomain))
	c.refuse("objective", show(old.Objective), show(now.Objective))
	if now.Seed != nil && old.Seed != nil {
		c.refuse("seed", old.Seed.String(), now.Seed.String())
	}
	c.constants(old, now)
	c.refuse("loop", old.Loop.show(), now.Loop.show())
	if was, is := old.Loop.Design, now.Loop.Design; was != nil && is != nil && was.Digest != is.Digest {
		c.Refused = append(c.Refused, fmt.Sprintf("loop: the points in %s are others than they were", is.File))
	}
	c.refuse("initial", showPoints(old.Initial), showPoints(now.Initial))
	c.refuse("task.replicates", fmt.Sprint(max(old.Task.Replicates, 1)), fmt.Sprint(max(now.Task.Replicates, 1)))

	c.allow("terminate.evals", limit(old.Terminate.Evals), limit(now.Terminate.Evals))
	c.allow("terminate.run_time", lasting(old.Terminate.RunTime), lasting(now.Terminate.RunTime))
	c.allow("terminate.perf_reached", showPerf(old.Terminate.PerfReached), showPerf(now.Terminate.PerfReached))
	c.allow("terminate.clock_time", showMoment(old.Terminate.ClockTime), showMoment(now.Terminate.ClockTime))
	c.allow("terminate.stagnation", old.Terminate.Stagnation.String(), now.Terminate.Stagnation.String())
	c.allow("terminate.stagnation_hypervolume", old.Terminate.StagnationHypervolume.String(), now.Terminate.StagnationHypervolume.String())
	c.allow("terminate.expected_improvement", old.Terminate.ExpectedImprovement.String(), now.Terminate.ExpectedImprovement.String())
	c.allow("terminate.any", showList(old.Terminate.Any), showList(now.Terminate.Any))
	c.allow("terminate.all", showList(old.Terminate.All), showList(now.Terminate.All))
	c.allow("task.timeout", lasting(old.Task.Timeout), lasting(now.Task.Timeout))
	c.allow("task.stall", lasting(old.Task.Stall), lasting(now.Task.Stall))
	c.allow("task.memory", size(old.Task.Memory), size(now.Task.Memory))
	c.allow("task.isolate", fmt.Sprint(old.Task.Isolate), fmt.Sprint(now.Task.Isolate))
	c.allow("task.max_retries", fmt.Sprint(old.Task.MaxRetries), fmt.Sprint(now.Task.MaxRetries))
	c.allow("early_stopping", old.EarlyStopping.String(), now.EarlyStopping.String())
	c.allow("task.crashes", fmt.Sprint(old.Task.Crashes), fmt.Sprint(now.Task.Crashes))
	c.allow("stop_after_failures", fmt.Sprint(old.StopAfterFailures), fmt.Sprint(now.StopAfterFailures))
	c.allow("on", show(old.On), show(now.On))
	c.allow("start", show(old.Known), show(now.Known))
	c.allow("record", fmt.Sprint(old.Record), fmt.Sprint(now.Record))
	if old.Objective.Command != nil || old.Loop.Command != nil || old.Objective.Plugin != nil || old.Loop.Plugin != nil {
		c.allow("the directory", old.Dir, now.Dir)
	}
	return c
}

func (c *Changes) refuse(what, was, is string) { c.Refused = compare(c.Refused, what, was, is) }
func (c *Changes) allow(what, was, is string)  { c.Allowed = compare(c.Allowed, what, was, is) }

func compare(list []string, what, was, is string) []string {
	if was == is {
		return list
	}
	return append(list, fmt.Sprintf("%s was %s and is %s", what, was, is))
}

// constants compares them one by one.
func (c *Changes) constants(old, now *Definition) {
	names := slices.Concat(sortedNames(old.Constants), sortedNames(now.Constants))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		was, had := old.Constants[name]
		is, has := now.Constants[name]
		switch {
		case !has:
			c.Refused = append(c.Refused, fmt.Sprintf("constants: %s was removed", name))
		case !had:
			c.Refused = append(c.Refused, fmt.Sprintf("constants: %s was added", name))
		default:
			c.refuse("constants: "+name, showValue(was), showValue(is))
		}
	}
}

func (l *Loop) show() string {
	s := l.Name
	if p := l.Plugin; p != nil {
		return "plugin " + show(p) + " with args " + showValue(map[string]any(l.Args))
	}
	if c := l.Command; c != nil {
		return "command " + show(c) + " with args " + showValue(map[string]any(l.Args))
	}
	if r := l.Resolution; r != nil {
		s += " with resolution " + showResolution(r)
	}
	if len(l.Chain) > 0 {
		s += " of " + showChain(l.Chain)
	}
	if len(l.Args) > 0 {
		s += " with " + showValue(map[string]any(l.Args))
	}
	return s
}

func showResolution(r *space.Resolution) string {
	if len(r.Of) == 0 {
		return fmt.Sprint(r.Each)
	}
	return show(r.Of)
}

func showCodomain(c loops.Codomain) string {
	if len(c) == 0 {
		return "absent"
	}
	parts := make([]string, len(c))
	for i, t := range c {
		parts[i] = fmt.Sprintf("%s: %s", t.Name, t.Goal)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func showPerf(values map[string]float64) string {
	if len(values) == 0 {
		return "absent"
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		parts = append(parts, fmt.Sprintf("%s: %v", name, values[name]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func showMoment(t time.Time) string {
	if t.IsZero() {
		return "absent"
	}
	return t.Format(time.RFC3339)
}

// String shows it as the search file has it; "absent" for nil.
func (s *Stagnation) String() string {
	if s == nil {
		return "absent"
	}
	return fmt.Sprintf("{iters: %d, threshold: %v}", s.Iters, s.Threshold)
}

func showList(all []Terminate) string {
	if len(all) == 0 {
		return "absent"
	}
	return show(all)
}

func showPoints(points []Args) string {
	if len(points) == 0 {
		return "absent"
	}
	return show(points)
}

func limit(n int64) string {
	if n == 0 {
		return "unlimited"
	}
	return fmt.Sprint(n)
}

func lasting(d Duration) string {
	if d == 0 {
		return "unlimited"
	}
	return time.Duration(d).String()
}

func showValue(v any) string {
	b, err := marshalValues(map[string]any{"v": v})
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(bytes.TrimSuffix(bytes.TrimPrefix(b, []byte(`{"v":`)), []byte("}")))
}

// show writes a part of a definition as JSON, which it always can be.
func show(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprintf("%+v", v)
	}
	return strings.TrimSpace(b.String())
}
