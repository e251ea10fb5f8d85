package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/rushnet/rush"
)

// rows creates finished tasks of the search "mixed" of world.mjs.
func rows(ctx context.Context, f *filling) error {
	return f.batches(ctx, func(i int) rush.Task {
		u, v := spread(i, 0.6180339887), spread(i, 0.7548776662)
		rate, layers := math.Pow(10, -4*u), int64(1+i%8)
		loss := math.Pow(math.Log10(rate)+2.2, 2) + math.Pow(float64(layers)-3, 2)/8 + v
		return rush.Task{
			State: rush.Finished,
			XS:    rush.Values{"rate": rate, "layers": layers, "kernel": []string{"rbf", "linear", "poly"}[i%3], "shrink": i%2 == 0},
			YS:    rush.Values{"loss": loss, "seconds": 0.5 + float64(layers)*0.3 + v},
		}
	})
}

// wide creates finished tasks with many inputs.
func wide(ctx context.Context, f *filling) error {
	return f.batches(ctx, func(i int) rush.Task {
		xs := make(rush.Values, f.columns)
		for c := range f.columns {
			xs[fmt.Sprintf("x%03d", c)] = spread(i+c, 0.6180339887)
		}
		return rush.Task{State: rush.Finished, XS: xs, YS: rush.Values{"y": spread(i, 0.7548776662)}}
	})
}

// spread is a number from 0 to 1, evenly spread over i.
func spread(i int, step float64) float64 {
	_, part := math.Modf(float64(i+1) * step)
	return part
}

func (f *filling) batches(ctx context.Context, row func(i int) rush.Task) error {
	tick := time.NewTicker(max(f.every, 1))
	defer tick.Stop()
	for at := 0; at < f.rows; {
		tasks := make([]rush.Task, 0, f.batch)
		for ; len(tasks) < f.batch && at < f.rows; at++ {
			tasks = append(tasks, row(at))
		}
		if _, err := f.net.PushTasks(ctx, tasks); err != nil {
			return err
		}
		if f.every > 0 {
			<-tick.C
		}
	}
	counts, err := f.net.Counts(ctx)
	if err != nil {
		return err
	}
	fmt.Println(counts.Finished)
	return nil
}

// hostile creates tasks whose names, values and messages would break a page that
// takes them for anything but text.
func hostile(ctx context.Context, f *filling) error {
	names := []string{"🚀 rate", "معدل التعلم", "<b>bold</b>", "a\u202Eb", "__proto__", "x y.z"}
	xs := make(rush.Values, len(names))
	for i, name := range names {
		xs[name] = float64(i)
	}
	xs["kind"] = "<script>window.hacked=1</script>"
	failed := func(message string) rush.Task {
		return rush.Task{State: rush.Failed, XS: xs, Condition: &rush.Condition{Message: message}}
	}
	image := `<img src=x onerror="window.hacked=1">`
	tasks := []rush.Task{
		{State: rush.Finished, XS: xs, YS: rush.Values{"y": 1.5, "שלום": "🎉 עולם"}},
		failed(image),
		failed(image + strings.Repeat("é", f.messageBytes/2)),
		failed("\x1b[31mred\x1b[0m"),
		failed("two\nlines\u2028three\r\nfour\x85five\tsix  \v\fseven"),
		failed("\u202Eturned \u2067and never back (1, 2)"),
		failed("שלום 12 (abc) עולם"),
		failed("👩\u200d👩\u200d👧 e" + strings.Repeat("\u0301\u0323", 20) + " ﷽ \u200d"),
		failed("\u0301\u2069\u202c after all of them"),
	}
	keys, err := f.net.PushTasks(ctx, tasks)
	if err != nil {
		return err
	}
	fmt.Println(len(keys))
	return nil
}
