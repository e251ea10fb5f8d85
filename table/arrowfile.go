package table

import (
	"errors"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"
)

// An ipcWriter writes one of the two Arrow formats.
type ipcWriter struct {
	out interface {
		Write(arrow.Record) error
		Close() error
	}
}

func newArrowStream(w io.Writer, schema *arrow.Schema, o *WriteOptions) ipcWriter {
	return ipcWriter{ipc.NewWriter(w, ipc.WithSchema(schema), ipc.WithAllocator(o.Allocator))}
}

func newArrowFile(w io.Writer, schema *arrow.Schema, o *WriteOptions) (ipcWriter, error) {
	out, err := ipc.NewFileWriter(&counter{w: w}, ipc.WithSchema(schema), ipc.WithAllocator(o.Allocator))
	return ipcWriter{out}, err
}

func (w ipcWriter) write(r arrow.Record) error { return w.out.Write(r) }

func (w ipcWriter) close() error { return w.out.Close() }

// A counter lets the writer of the file format, which only asks where it is,
// write to what cannot seek.
type counter struct {
	w   io.Writer
	pos int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.pos += int64(n)
	return n, err
}

func (c *counter) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekCurrent {
		return 0, errors.New("an Arrow file is written from its beginning to its end")
	}
	return c.pos, nil
}
