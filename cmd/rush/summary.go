package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/search"
)

// bestShown is how many of the best points a summary shows.
const bestShown = 5

// paretoShown is how many of a Pareto set it shows.
const paretoShown = 10

// A summary is how a run ended, as --json prints it.
type summary struct {
	Network rush.NetworkID `json:"network"`
	Store   string         `json:"store"`
	Status  rush.RunStatus `json:"status"`
	Reason  string         `json:"reason"`
	Elapsed float64        `json:"elapsed_seconds"`
	countsLine
	Spent spentLine  `json:"spent_seconds"`
	Best  []bestLine `json:"best"`
}

type bestLine struct {
	Task rush.TaskKey `json:"task"`
	XS   rush.Values  `json:"xs"`
	YS   rush.Values  `json:"ys"`
}

func (r *running) summarize(ctx context.Context, run rush.Run) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeGrace)
	defer cancel()
	counts, err := r.net.Counts(ctx)
	if err != nil {
		return err
	}
	from, err := search.MostThorough(ctx, r.net, r.def.Space, r.def.Codomain)
	if err != nil {
		return err
	}
	best, err := r.best(ctx, from)
	if err != nil {
		return err
	}
	spent, err := r.spent(ctx)
	if err != nil {
		return err
	}
	a := r.app
	if a.json {
		s := summary{r.net.ID(), r.net.Address(), run.Status, run.Reason, run.Elapsed.Seconds(), countsJSON(counts), spentJSON(spent), []bestLine{}}
		for _, t := range best {
			s.Best = append(s.Best, bestLine{t.Key, t.XS, t.YS})
		}
		return a.printJSON(s)
	}
	why := ""
	if run.Reason != string(run.Status) {
		why = ": " + run.Reason
	}
	a.printf("%s: %s after %s%s\n", r.net.ID(), status(run.Status), seconds(run.Elapsed), why)
	a.printf("%d finished, %d failed\n", counts.Finished, counts.Failed)
	if text := sharesText(spent); text != "" {
		a.printf("%s\n", text)
	}
	if counts.Failed > 0 {
		if err := r.printFailures(ctx); err != nil {
			return err
		}
	}
	if err := r.printBest(from, best); err != nil {
		return err
	}
	a.printf("\ndata    %s, network %s\npage    rush ui %s%s\nexport  rush export %s%s -o %s.csv\n", r.net.Address(), r.net.ID(), r.net.ID(), a.storeFlag(), r.net.ID(), a.storeFlag(), r.net.ID())
	if run.Status != rush.RunDone {
		a.printf("go on   rush %s --resume --network %s%s\n", r.again, r.net.ID(), a.storeFlag())
	}
	return nil
}

// storeFlag is the flag to add to a command that a person copies.
func (a *app) storeFlag() string {
	if a.store == "" {
		return ""
	}
	return " --store " + strconv.Quote(a.store)
}

// best returns the best tasks, or the Pareto set of several objectives; none without
// any.
func (r *running) best(ctx context.Context, from search.Archive) ([]*rush.Task, error) {
	switch c := r.def.Codomain; len(c.Objectives()) {
	case 0:
		return nil, nil
	case 1:
		return search.Best(ctx, from, c, bestShown)
	default:
		return search.ParetoSet(ctx, from, c)
	}
}

func (r *running) printBest(from *search.Thorough, best []*rush.Task) error {
	if len(best) == 0 {
		return nil
	}
	r.app.printf("\n%s:\n\n", bestTitle(r.def.Codomain, from, len(best)))
	shown := best
	if len(r.def.Codomain.Objectives()) > 1 {
		shown = spread(best, paretoShown)
	}
	if err := r.app.printTable(r.def, shown); err != nil {
		return err
	}
	if len(shown) < len(best) {
		r.app.printf("%d of %d; all: rush best %s%s\n", len(shown), len(best), r.net.ID(), r.app.storeFlag())
	}
	return nil
}

// cell writes a value for a table.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case float64:
		return strconv.FormatFloat(v, 'g', 6, 64)
	case []any, map[string]any:
		if b, err := wire.AppendJSON(nil, v); err == nil {
			return oneLine(string(b), 24)
		}
	}
	return oneLine(fmt.Sprint(v), 24)
}

// cellOf writes the value of a name; "-" if there is none, as where a parameter is
// inactive.
func cellOf(values rush.Values, name string) string {
	v, ok := values[name]
	if !ok {
		return "-"
	}
	return cell(v)
}

// printFailures prints how often each failure occurred, the commonest first.
func (r *running) printFailures(ctx context.Context) error {
	keys, err := r.net.Keys(ctx, rush.Failed)
	if err != nil {
		return err
	}
	const looked = 1000
	tasks, err := r.net.Tasks(ctx, keys[:min(len(keys), looked)]...)
	if err != nil {
		return err
	}
	type kind struct {
		text  string
		n     int
		first rush.TaskKey
	}
	var kinds []*kind
	for _, t := range tasks {
		if t.Condition == nil {
			continue
		}
		text := oneLine(t.Condition.Error(), 90)
		at := slices.IndexFunc(kinds, func(k *kind) bool { return k.text == text })
		if at < 0 {
			kinds = append(kinds, &kind{text: text, first: t.Key})
			at = len(kinds) - 1
		}
		kinds[at].n++
	}
	slices.SortStableFunc(kinds, func(a, b *kind) int { return b.n - a.n })
	for _, k := range kinds[:min(len(kinds), bestShown)] {
		r.app.printf("  %d x %s (task %d)\n", k.n, k.text, k.first)
	}
	if len(kinds) > bestShown {
		r.app.printf("  and %d other failures; see: rush tasks --state failed\n", len(kinds)-bestShown)
	}
	return nil
}
