package webui

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

// rows calls f with tasks as they stand now, in some columns; the map is used again
// for the next one, and its texts are good until then. Only the options' fields
// are read.
func (b *hub) rows(ctx context.Context, opts *table.ExportOptions, columns []string, f func(rush.Values) error) error {
	out, in := io.Pipe()
	var writing sync.WaitGroup
	writing.Go(func() {
		_, err := table.Export(ctx, b.follower.src, in, opts)
		_ = in.CloseWithError(err) // never fails
	})
	defer writing.Wait()
	defer out.Close()
	r, err := table.NewStreamReader(out)
	if err != nil {
		return unwrapped(err)
	}
	defer r.Close()
	return unwrapped(r.Each(columns, f))
}

// unwrapped says first that a store cannot be read when that is why a stream ends.
func unwrapped(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the tasks could not be read to their end; try again")
	}
	return err
}
