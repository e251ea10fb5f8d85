package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/rushnet/rush/loops/compare"
)

// A tableWriter writes a table whose first row has the names of its columns.
type tableWriter func(out io.Writer, rows [][]string) error

// printComparison writes a table for each function, and one of times.
func printComparison(out io.Writer, f *benchOptimizersFlags, cells []compare.Cell, times []*compare.Times, write tableWriter) error {
	fmt.Fprintf(out, "Medians (quartiles) of the seeds %d to %d; %d cores, %s/%s, rush %s\n", f.firstSeed, int(f.firstSeed)+f.seeds-1, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, version)
	for _, p := range compare.Problems() {
		rows := problemRows(&p, f.evals, cells)
		if len(rows) == 0 {
			continue
		}
		heading := []string{"OPTIMIZER", "WORKERS"}
		for _, n := range f.evals {
			heading = append(heading, fmt.Sprintf("AFTER %d", n))
		}
		name := p.Name
		if f.markdown {
			name = "**" + name + "**"
		}
		fmt.Fprintf(out, "\n%s: %s%s\n\n", name, p.About, goalOf(&p))
		if err := write(out, append([][]string{heading}, rows...)); err != nil {
			return err
		}
	}
	if len(times) == 0 {
		return nil
	}
	fmt.Fprintf(out, "\nProcessor time of a proposal in milliseconds after so many tasks, the median and the longest of the last fifth of them\n\n")
	return write(out, timeRows(f.times, times))
}

// goalOf says what there is to be found.
func goalOf(p *compare.Problem) string {
	switch {
	case !p.Several():
		return "; the least is " + precise(p.Optimum)
	case p.Optimum == 0:
		return fmt.Sprintf("; the hypervolume up to %v", p.Reference)
	}
	return fmt.Sprintf("; the hypervolume up to %v, of which there is %s", p.Reference, precise(p.Optimum))
}

// problemRows are the rows of a function's table, the references last.
func problemRows(p *compare.Problem, evals []int, cells []compare.Cell) [][]string {
	var rows [][]string
	for _, c := range cells {
		if c.Problem != p.Name {
			continue
		}
		row := []string{c.Optimizer, fmt.Sprint(c.Workers)}
		for k, n := range c.Evals {
			row = append(row, figures(c.Best[k])+mark(&c, n, c.Best[k][1]))
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return nil
	}
	for _, r := range compare.References() {
		if r.Problem == p.Name {
			rows = append(rows, referenceRow(&r, evals))
		}
	}
	return rows
}

// mark says whether a median meets the goal: + that it is no worse than the
// goal's median, = than its upper quartile; nothing where there is none.
func mark(c *compare.Cell, evals int, median float64) string {
	name, _, _ := strings.Cut(c.Optimizer, ":")
	goal, ok := compare.GoalOf(name, c.Problem, c.Workers, evals)
	switch {
	case !ok:
		return ""
	case !goal.Better(goal.Median, median):
		return " +"
	case !goal.Better(goal.Worse, median):
		return " ="
	}
	return ""
}

func referenceRow(r *compare.Reference, evals []int) []string {
	row := []string{"Optuna " + r.Sampler, fmt.Sprint(r.Workers)}
	for _, n := range evals {
		text := ""
		for k, known := range r.Evals {
			if known != n {
				continue
			}
			text = precise(r.Median[k])
			if len(r.Within) > k {
				text = figures(compare.Quartiles{r.Within[k][0], r.Median[k], r.Within[k][2]})
			}
		}
		row = append(row, text)
	}
	return row
}

func timeRows(after []int, times []*compare.Times) [][]string {
	rows := [][]string{{"OPTIMIZER", "ON", "WORKERS"}}
	for _, n := range after {
		rows[0] = append(rows[0], fmt.Sprintf("AFTER %d", n))
	}
	for _, t := range times {
		row := []string{t.Optimizer, t.Problem, fmt.Sprint(t.Workers)}
		for k := range t.Median {
			row = append(row, fmt.Sprintf("%s, %s", milliseconds(t.Median[k]), milliseconds(t.Worst[k])))
		}
		rows = append(rows, row)
	}
	return rows
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.3g", float64(d)/float64(time.Millisecond))
}

// figures writes a median with its quartiles.
func figures(q compare.Quartiles) string {
	return fmt.Sprintf("%s (%.3g, %.3g)", precise(q[1]), q[0], q[2])
}

// precise writes a number with four significant digits.
func precise(f float64) string { return fmt.Sprintf("%.4g", f) }

func textTable(out io.Writer, rows [][]string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintln(w, strings.Join(r, "\t"))
	}
	return w.Flush()
}

func markdownTable(out io.Writer, rows [][]string) error {
	for i, r := range rows {
		fmt.Fprintf(out, "| %s |\n", strings.Join(r, " | "))
		if i == 0 {
			fmt.Fprintf(out, "|%s\n", strings.Repeat(" --- |", len(r)))
		}
	}
	return nil
}
