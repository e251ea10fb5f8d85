package report

import (
	"fmt"
	"html/template"
	"math"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

// A view is what the page's template shows. All texts are plain: the template
// escapes them.
type view struct {
	Policy, Title, Subtitle, Footer string
	Style                           template.CSS
	Script                          template.JS
	Tiles                           []tile
	Sections                        []*section
}

type tile struct{ Name, Value string }

// A section has a title, and what there is of remarks, plots and a table.
type section struct {
	ID, Title string
	Notes     []string
	Plots     []*plot
	Table     *rows
}

// rows is a table of texts.
type rows struct {
	Head     []string
	Rows     [][]string
	Sortable bool
}

func newView(a *Archive) *view {
	f := gather(a)
	v := &view{
		Policy: policy(), Title: "Search " + string(a.Network), Style: template.CSS(style), Script: template.JS(script),
		Subtitle: subtitle(a), Tiles: tiles(a, f),
		Footer: "Written " + a.Written.UTC().Format("2006-01-02 15:04 MST") + " by rush " + a.Version + ". Values of parameters are those that were searched, before any transformation.",
	}
	for _, s := range []*section{
		best(f), history(f), front(f), learned(f), oneByOne(f), parallel(f), timeline(f), failures(f), table(f),
	} {
		if s != nil {
			v.Sections = append(v.Sections, s)
		}
	}
	return v
}

func subtitle(a *Archive) string {
	parts := []string{string(a.Run.Status)}
	if a.Run.Reason != "" && a.Run.Reason != string(a.Run.Status) {
		parts[0] += ": " + a.Run.Reason
	}
	if a.Loop != "" {
		parts = append(parts, "loop "+a.Loop)
	}
	for _, t := range a.Codomain {
		parts = append(parts, string(t.Goal)+" "+t.Name)
	}
	return strings.Join(parts, " · ")
}

func tiles(a *Archive, f *findings) []tile {
	n := make(map[rush.State]int)
	for _, t := range a.Tasks {
		n[t.State]++
	}
	list := []tile{{"finished", fmt.Sprint(n[rush.Finished])}, {"failed", fmt.Sprint(n[rush.Failed])}}
	if rest := len(a.Tasks) - n[rush.Finished] - n[rush.Failed]; rest > 0 {
		list = append(list, tile{"running or waiting", fmt.Sprint(rest)})
	}
	if len(f.ranked) > 0 && len(f.objectives) == 1 {
		o := f.objectives[0]
		list = append(list, tile{"best " + o.Name, value(f.ranked[0].YS[o.Name])})
	}
	if len(f.objectives) > 1 {
		list = append(list, tile{"not dominated", fmt.Sprint(len(f.front))})
	}
	list = append(list, tile{"workers", fmt.Sprint(len(f.workers))})
	if a.Run.Elapsed > 0 {
		list = append(list, tile{"run time", span(a.Run.Elapsed)})
	}
	return list
}

// span writes a duration for people.
func span(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d < time.Hour:
		return d.Round(time.Second).String()
	}
	return d.Round(time.Minute).String()
}

// number of an output of a task; NaN if it has none.
func output(t *rush.Task, name string) float64 {
	switch v := t.YS[name].(type) {
	case float64:
		if !math.IsInf(v, 0) {
			return v
		}
	case int64:
		return float64(v)
	}
	return math.NaN()
}

// feasible reports whether a task keeps to the constraints on outputs.
func feasible(c loops.Codomain, t *rush.Task) bool {
	for _, v := range c.Violations(t.YS) {
		if v > 0 {
			return false
		}
	}
	return true
}
