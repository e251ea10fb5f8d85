package netview

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
	"github.com/rushnet/rush/table"
	"github.com/rushnet/rush/webui"
)

// mostUnfolded is how large the cells of a Parquet or an Arrow file may be, unfolded.
const mostUnfolded = 256 << 20

// ReadPoints reads points and checks them against the search space.
func (v *view) ReadPoints(ctx context.Context, format, afterRows string, r io.Reader) (p webui.Points, err error) {
	def, err := v.search(ctx)
	if err != nil {
		return p, err
	}
	if def == nil {
		def = new(search.Definition)
	}
	limits := table.RowLimits{Rows: webui.MostPoints, Cells: webui.MostCells, Bytes: mostUnfolded}
	got, err := def.ReadPoints(r, "."+format, &search.PointsOptions{AfterRows: afterRows, Limits: &limits})
	return webui.Points{XS: got.XS, After: got.After, Left: got.Left}, err
}

// Draw draws points as a random search would for the next tasks.
func (v *view) Draw(ctx context.Context, n int) (p webui.Points, err error) {
	def, err := v.search(ctx)
	if err != nil {
		return p, err
	}
	if def == nil || def.Space.Len() == 0 {
		return p, errors.New("the network has no search space to draw from; give points")
	}
	counts, err := v.Counts(ctx)
	if err != nil {
		return p, err
	}
	seed := v.Seed()
	for i := range n {
		if ctx.Err() != nil {
			return p, ctx.Err()
		}
		p.XS = append(p.XS, def.Space.Sample(seed.At(counts.Created+int64(i)).Proposal().Generator()))
	}
	return p, nil
}

// Push queues tasks with the options that the search gives its tasks, and those given.
func (v *view) Push(ctx context.Context, opts webui.PushOptions, points webui.Points) ([]rush.TaskKey, error) {
	def, err := v.search(ctx)
	if err != nil {
		return nil, err
	}
	b := network.Batch{XS: points.XS, After: points.After, DependsOn: opts.DependsOn, Timeouts: []time.Duration{opts.Timeout}}
	switch {
	case opts.MaxRetries != nil:
		b.MaxRetries = []int{*opts.MaxRetries}
	case def != nil:
		b.MaxRetries = []int{def.Task.MaxRetries}
	}
	if opts.Queue != "" {
		b.Queues = []string{opts.Queue}
	}
	if opts.Worker != "" {
		b.Workers = []rush.WorkerID{opts.Worker}
	}
	if len(opts.Extra) > 0 {
		b.Extra = []rush.Values{opts.Extra}
	}
	return v.PushBatch(ctx, b)
}
