package search

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/table"
)

// A Known is where points come from whose results are known already: a table, or
// another network of the same store.
type Known struct {
	File    string         `json:"file,omitempty"` // .csv, .jsonl, .parquet or .arrow, as written; relative to the definition's Dir
	Network rush.NetworkID `json:"network,omitempty"`
}

// String names it, as the extra of its tasks does.
func (k Known) String() string {
	if k.Network != "" {
		return "network " + string(k.Network)
	}
	return k.File
}

// The extras of a task that was known already.
const (
	startName = "start" // from where
	rowName   = "row"   // counted from 1; or the task's number in its network
)

const startExample = "[results.parquet] or {network: NAME}"

// start reads files and networks: one, or a list of them.
func (d *draft) start(n *node) {
	items := []*node{n}
	if n.kind == list {
		items = n.items
	}
	for _, item := range items {
		var k Known
		switch item.kind {
		case mapping:
			d.fields(item, startExample, entry{"network", func(n *node) {
				text, _ := d.text(n, "the name of a network")
				if k.Network = rush.NetworkID(text); k.Network.Validate() != nil {
					d.wrong(n, "%v", k.Network.Validate())
				}
			}})
			if item.get("network") == nil {
				d.wrong(item, "the network is missing; expected %s", startExample)
			}
		default:
			k.File, _ = d.text(item, "the name of a file (.csv, .jsonl, .parquet or .arrow), as in "+startExample)
		}
		d.def.Known = append(d.def.Known, k)
	}
}

// checkStart reads the files, against the space and the codomain.
func (d *draft) checkStart() {
	if len(d.def.Known) == 0 || !d.good("start", "space", "codomain", "loop") {
		return
	}
	if d.def.Space.Len() == 0 || len(d.def.Codomain) == 0 {
		d.blame("start", "known points need a space and a codomain, which say what is an input and what an output")
		return
	}
	for _, k := range d.def.Known {
		if k.Network != "" {
			continue // it is read when the search starts
		}
		if _, err := d.def.knownRows(k); err != nil {
			d.blame("start", "%s", err)
		}
	}
}

// knownRows reads the finished rows of a file as tasks.
func (d *Definition) knownRows(k Known) ([]rush.Task, error) {
	path := k.File
	if !filepath.IsAbs(path) {
		path = filepath.Join(d.Dir, path)
	}
	rows, exported, err := exportedRows(path)
	if err == nil && !exported {
		rows, err = readRows(path, strings.ToLower(filepath.Ext(path)))
	}
	if err != nil {
		return nil, fmt.Errorf("read the known points of %s: %w", path, err)
	}
	var tasks []rush.Task
	for i, row := range rows {
		if state, ok := row["state"]; ok && !d.names("state") && state != string(rush.Finished) {
			continue
		}
		t, err := d.known(pickNames(row, "xs.", d.Space.Names()), pickNames(row, "ys.", d.outputNames()))
		if err != nil {
			return nil, fmt.Errorf("read the known points of %s: row %d: %w", path, i+1, err)
		}
		t.XSExtra = rush.Values{startName: k.String(), rowName: int64(i + 1)}
		tasks = append(tasks, t)
	}
	return tasks, nil
}

// knownTasks reads the finished tasks of another network as tasks.
func (d *Definition) knownTasks(ctx context.Context, net *network.Rush, k Known) ([]rush.Task, error) {
	if k.Network == net.ID() {
		return nil, fmt.Errorf("network %s cannot start with its own tasks; name another one", k.Network)
	}
	other, err := net.Other(ctx, k.Network)
	if err != nil {
		return nil, err
	}
	rows, err := other.Rows(ctx, []rush.State{rush.Finished}, &table.Options{Fields: rush.FieldXS | rush.FieldYS | rush.FieldYSExtra})
	if err != nil {
		return nil, err
	}
	tasks := make([]rush.Task, len(rows))
	for i, row := range rows {
		if tasks[i], err = d.known(row.XS, pickNames(merged(row.YSExtra, row.YS), "", d.outputNames())); err != nil {
			return nil, fmt.Errorf("read the known points of network %s: task %d: %w", k.Network, row.Key, err)
		}
		tasks[i].XSExtra = rush.Values{startName: k.String(), rowName: int64(row.Key)}
	}
	return tasks, nil
}

func merged(a, b rush.Values) rush.Values {
	all := rush.Values{}
	for _, v := range []rush.Values{a, b} {
		for name, value := range v {
			all[name] = value
		}
	}
	return all
}

// known makes a finished task of a point and its outputs, if they suit the search.
func (d *Definition) known(xs, ys rush.Values) (t rush.Task, err error) {
	if xs, err = d.Space.Coerce(xs); err != nil {
		return t, err
	}
	for _, target := range d.Codomain {
		v, ok := ys[target.Name]
		switch n := v.(type) {
		case int64:
			ys[target.Name] = float64(n)
		case float64:
			ok = !math.IsNaN(n) || target.Goal == loops.Record
		default:
			ok = false
		}
		if !ok {
			return t, fmt.Errorf("the output %s is %v; expected a number", target.Name, orMissing(v))
		}
	}
	return rush.Task{State: rush.Finished, XS: xs, YS: ys}, nil
}

func orMissing(v any) any {
	if v == nil || v == "" {
		return "missing"
	}
	return v
}

// pickNames returns what a row has of some names. In a table a name that is an
// input and an output has a prefix.
func pickNames(row rush.Values, prefix string, names []string) rush.Values {
	picked := rush.Values{}
	for _, name := range names {
		if v, ok := row[prefix+name]; ok {
			picked[name] = v
		} else if v, ok := row[name]; ok {
			picked[name] = v
		}
	}
	return picked
}

func (d *Definition) outputNames() []string {
	var names []string
	for _, t := range d.Codomain {
		names = append(names, t.Name)
	}
	return names
}

// names reports whether an input or an output has the name.
func (d *Definition) names(name string) bool {
	_, ok := d.Space.Param(name)
	return ok || d.Codomain.Has(name)
}

// warm creates the known points as finished tasks, but for those that are there
// already from a start before, and returns how many there are.
func (d *Definition) warm(ctx context.Context, net *network.Rush) (n int64, err error) {
	if len(d.Known) == 0 {
		return 0, nil
	}
	there := map[string]bool{}
	name := func(extra rush.Values) string { return fmt.Sprint(extra[startName], " ", extra[rowName]) }
	tasks, err := net.Rows(ctx, []rush.State{rush.Finished}, &table.Options{Fields: rush.FieldXSExtra})
	if err != nil {
		return 0, err
	}
	for _, t := range tasks {
		there[name(t.XSExtra)] = true
	}
	var missing []rush.Task
	for _, k := range d.Known {
		var known []rush.Task
		if k.Network != "" {
			known, err = d.knownTasks(ctx, net, k)
		} else {
			known, err = d.knownRows(k)
		}
		if errors.Is(err, rush.ErrNoNetwork) {
			err = fmt.Errorf("start: there is no network %s in this store to take known points from: %w", k.Network, err)
		}
		if err != nil {
			return n, err
		}
		n += int64(len(known))
		for _, t := range known {
			if !there[name(t.XSExtra)] {
				missing = append(missing, t)
			}
		}
	}
	_, err = net.PushTasks(ctx, missing)
	return n, err
}
