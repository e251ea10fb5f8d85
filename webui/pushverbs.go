package webui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/rushnet/rush"
)

const (
	// previewed is how many rows a preview shows.
	previewed = 100
	// mostDrawn is how many points are drawn at a time.
	mostDrawn = 100_000
	// MostPoints is how many points are pushed at a time, and MostCells how many
	// values they have together: what is read takes many times the memory of its text.
	MostPoints = 500_000
	MostCells  = 5_000_000
	// mostExtra is the longest extra that is kept with each task, as JSON.
	mostExtra = 1 << 20
	// mostBefore is after how many tasks others come at most.
	mostBefore = 10_000
	// shownName is how much of a column's name is told.
	shownName = 200
	// mostRetries is how often tasks are retried by themselves.
	mostRetries = 1_000_000
)

// pushTasks checks points against the search space and queues them, all or none.
func pushTasks(ctx context.Context, b *hub, o *order) (*result, error) {
	opts, err := o.options()
	if err != nil {
		return nil, err
	}
	points, err := b.points(ctx, o)
	if err != nil {
		return nil, err
	}
	if n := int64(len(points.XS)); o.Expect != nil && n != *o.Expect {
		return nil, badRequest("there are %d points, not %d; nothing was pushed", n, *o.Expect)
	}
	if o.Preview {
		return previewOf(points), nil
	}
	keys, err := b.net.Push(ctx, opts, points)
	var about *rush.TaskError
	if errors.As(err, &about) || errors.Is(err, rush.ErrNoTask) {
		return nil, badRequest("nothing was pushed: %v", err)
	}
	if err != nil {
		return nil, err
	}
	return &result{Done: len(keys), Numbers: keys[:min(mostRefused, len(keys))], Left: named(points.Left)}, nil
}

func previewOf(points Points) *result {
	res := &result{Message: fmt.Sprintf("%d points can be pushed", len(points.XS)), Left: named(points.Left)}
	if len(points.XS) == 1 {
		res.Message = "1 point can be pushed"
	}
	for _, p := range points.XS[:min(previewed, len(points.XS))] {
		res.Rows = append(res.Rows, plainMap(p))
	}
	return res
}

// named returns the names of the first columns that were left out.
func named(left []string) []string {
	names := make([]string, min(mostRefused, len(left)))
	for i := range names {
		names[i], _ = shortened(left[i], shownName)
	}
	return names
}

// points reads or draws what an order pushes.
func (b *hub) points(ctx context.Context, o *order) (Points, error) {
	if o.Draw != 0 {
		if o.Draw < 0 || o.Draw > mostDrawn || o.Text != "" || len(o.Bytes) > 0 {
			return Points{}, badRequest("draw is %d; expected 1 to %d, and no points beside it", o.Draw, mostDrawn)
		}
		points, err := b.net.Draw(ctx, o.Draw)
		if err != nil {
			return Points{}, badRequest("nothing was pushed: %v", err)
		}
		return points, nil
	}
	var in io.Reader
	switch o.Format {
	case "csv", "jsonl":
		if err := checkSize(o.Text); err != nil {
			return Points{}, err
		}
		in = strings.NewReader(o.Text)
	case "parquet", "arrow":
		in = bytes.NewReader(o.Bytes)
	default:
		return Points{}, badRequest("format is %s; expected csv, jsonl, parquet or arrow", quoted(o.Format))
	}
	points, err := b.net.ReadPoints(ctx, o.Format, o.AfterRows, in)
	if err == nil && len(points.XS) == 0 {
		err = errors.New("there are no points; give at least one")
	}
	if err != nil {
		return Points{}, badRequest("nothing was pushed: %v", err)
	}
	return points, nil
}

// checkSize refuses a text that has more points, or more values, than are pushed at a
// time. It is an estimate that is never too low: separators in texts count.
func checkSize(text string) error {
	rows := strings.Count(text, "\n")
	if rows > MostPoints {
		return badRequest("nothing was pushed: the text has %d lines; expected at most %d: give fewer points at a time", rows, MostPoints)
	}
	if cells := rows + strings.Count(text, ","); cells > MostCells {
		return badRequest("nothing was pushed: the text has about %d values; expected at most %d: give fewer points at a time", cells, MostCells)
	}
	return nil
}

// options are what the tasks are given.
func (o *pushOrder) options() (PushOptions, error) {
	opts := PushOptions{
		Queue: o.Queue, Worker: o.Worker, Extra: o.Extra.all, MaxRetries: o.MaxRetries,
		Timeout: time.Duration(o.TimeoutMicros) * time.Microsecond, DependsOn: o.After,
	}
	switch {
	case o.Queue != "" && o.Worker != "":
		return opts, badRequest("tasks wait in a queue or for a worker: expected queue or worker, found both")
	case o.TimeoutMicros < 0 || o.TimeoutMicros > mostAfter.Microseconds():
		return opts, badRequest("timeout_us is %d; expected microseconds of at most ten years, 0 for what the search says", o.TimeoutMicros)
	case o.MaxRetries != nil && (*o.MaxRetries < 0 || *o.MaxRetries > mostRetries):
		return opts, badRequest("max_retries is %d; expected 0 to %d", *o.MaxRetries, mostRetries)
	case len(o.After) > mostBefore:
		return opts, badRequest("after names %d tasks; expected at most %d", len(o.After), mostBefore)
	case o.Extra.size > mostExtra:
		return opts, badRequest("extra has %d bytes, and each task gets it; expected at most %d: keep a reference to what is large", o.Extra.size, mostExtra)
	}
	return opts, nil
}
