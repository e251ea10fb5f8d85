package main

import (
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops/dependence"
	"github.com/rushnet/rush/loops/importance"
	"github.com/rushnet/rush/loops/space"
)

// A partialLine is a point of a curve as --json prints it.
type partialLine struct {
	Value any     `json:"value"`
	Mean  float64 `json:"mean"`
	Lower float64 `json:"lower"`
	Upper float64 `json:"upper"`
	SD    float64 `json:"sd"`
}

// partial shows how the output depends on one parameter.
func (a *app) partial(d *importance.Data, f *importanceFlags) error {
	const rows, places = 21, 256
	i := slices.Index(d.Space.Names(), f.partial)
	if i < 0 {
		return exitError{exitUsage, fmt.Errorf("the space has no parameter %s%s", f.partial, nearest.Hint(f.partial, d.Space.Names()))}
	}
	r, err := d.Measure(false)
	if err != nil {
		return err
	}
	var model dependence.Model = r.Forest
	if f.surrogate == "gp" {
		if model, err = d.Process(); err != nil {
			return err
		}
	}
	p := d.Space.Params()[i]
	at := dependence.Coordinates(p, rows)
	c := d.Average(places).Curve(model, i, at)
	lines := []partialLine{}
	for k, v := range dependence.Values(p, at) {
		if !math.IsNaN(c.Mean[k]) {
			lines = append(lines, partialLine{v, c.Mean[k], c.Lower[k], c.Upper[k], c.SD[k]})
		}
	}
	switch {
	case a.json:
		return a.printJSON(lines)
	case f.csv:
		return a.partialCSV(p, d.Target, lines)
	}
	a.printPartial(p, r, lines)
	return nil
}

func (a *app) partialCSV(p space.Param, target string, lines []partialLine) error {
	w := csv.NewWriter(a.out)
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	rows := [][]string{{p.Name, target, "lower", "upper", "sd"}}
	for _, l := range lines {
		value, ok := l.Value.(float64)
		text := fmt.Sprint(l.Value)
		if ok {
			text = number(value)
		}
		rows = append(rows, []string{text, number(l.Mean), number(l.Lower), number(l.Upper), number(l.SD)})
	}
	return w.WriteAll(rows)
}

// printPartial draws the curve, a line for each value: the mean, and the range in
// which most of what is expected lies.
func (a *app) printPartial(p space.Param, r *importance.Result, lines []partialLine) {
	low, high := math.Inf(1), math.Inf(-1)
	values, width := make([]string, len(lines)), 0
	for k, l := range lines {
		low, high = math.Min(low, l.Lower), math.Max(high, l.Upper)
		values[k] = cell(l.Value)
		if v, ok := l.Value.(float64); ok {
			values[k] = strconv.FormatFloat(v, 'g', 4, 64)
		}
		width = max(width, utf8.RuneCountInString(values[k]))
	}
	columns := max(10, pageWidth-width-17)
	place := func(y float64) int {
		if high <= low {
			return 0
		}
		return min(columns-1, int((y-low)/(high-low)*float64(columns)))
	}
	a.printf("%s that is expected by %s, and where most of it lies with the others:\n\n", oneLine(r.Target, 20), oneLine(p.Name, 20))
	for k, l := range lines {
		row := []rune(strings.Repeat(" ", columns))
		for c := place(l.Lower); c <= place(l.Upper); c++ {
			row[c] = '─'
		}
		row[place(l.Mean)] = '●'
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(values[k]))
		a.printf("  %s%s  %10s  %s\n", pad, values[k], strconv.FormatFloat(l.Mean, 'g', 4, 64), strings.TrimRight(string(row), " "))
	}
	for _, s := range r.Remarks {
		a.printf("\n%s\n", wrapped("Note: "+s+".", 0))
	}
}
