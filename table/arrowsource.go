package table

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// withArrow calls use with the open file.
func (f *Frozen) withArrow(use func(arrowSource) error) error {
	in, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer in.Close()
	if f.format == Parquet {
		return withParquet(in, use)
	}
	magic := make([]byte, len(arrowMagic))
	if _, err := io.ReadFull(in, magic); err != nil {
		return fmt.Errorf("expected an Arrow file: %w", err)
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if bytes.Equal(magic, arrowMagic) {
		r, err := ipc.NewFileReader(in)
		if err != nil {
			return fmt.Errorf("expected an Arrow file: %w", err)
		}
		defer r.Close()
		return use(&ipcFile{r})
	}
	r, err := ipc.NewReader(in)
	if err != nil {
		return fmt.Errorf("expected an Arrow file: %w", err)
	}
	defer r.Release()
	if _, ours := r.Schema().Metadata().GetValue(MetaAbout); ours {
		stat, err := in.Stat()
		if err == nil {
			err = endsStream(in, stat.Size())
		}
		if err != nil {
			return err
		}
	}
	return use(&ipcStream{r})
}

// endsStream tests that a stream which rush wrote was not cut: that its end is there,
// which others need not write.
func endsStream(in io.ReaderAt, size int64) error {
	end := make([]byte, 8)
	if _, err := in.ReadAt(end, size-int64(len(end))); err != nil {
		return err
	}
	if !bytes.Equal(end, []byte("\xff\xff\xff\xff\x00\x00\x00\x00")) {
		return errors.New("the end of the file is missing")
	}
	return nil
}

// arrowMagic is what an Arrow file begins with that is no stream.
var arrowMagic = []byte("ARROW1")

type ipcFile struct{ r *ipc.FileReader }

func (s *ipcFile) schema() *arrow.Schema { return s.r.Schema() }

func (s *ipcFile) columns() ([][]arrow.Array, int, error) {
	c := newColumns(s.schema())
	for i := range s.r.NumRecords() {
		batch, err := s.r.RecordAt(i)
		if err != nil {
			return nil, 0, err
		}
		c.add(batch)
		batch.Release()
	}
	return c.chunks, c.rows, nil
}

type ipcStream struct{ r *ipc.Reader }

func (s *ipcStream) schema() *arrow.Schema { return s.r.Schema() }

func (s *ipcStream) columns() ([][]arrow.Array, int, error) {
	c := newColumns(s.schema())
	for {
		batch, err := s.r.Read()
		if errors.Is(err, io.EOF) {
			return c.chunks, c.rows, nil
		}
		if err != nil {
			return nil, 0, err
		}
		c.add(batch)
	}
}

// fileColumns are the chunks of a file's columns. Their memory is Go's.
type fileColumns struct {
	chunks [][]arrow.Array
	rows   int
}

func newColumns(schema *arrow.Schema) *fileColumns {
	return &fileColumns{chunks: make([][]arrow.Array, schema.NumFields())}
}

func (c *fileColumns) add(batch arrow.Record) {
	for i, a := range batch.Columns() {
		a.Retain()
		c.chunks[i] = append(c.chunks[i], a)
	}
	c.rows += int(batch.NumRows())
}

func withParquet(r *os.File, use func(arrowSource) error) error {
	return openParquet(r, func(pq *pqarrow.FileReader, schema *arrow.Schema) error {
		return use(&parquetSource{pq, schema})
	})
}

// openParquet has use read a Parquet file.
func openParquet(r parquet.ReaderAtSeeker, use func(*pqarrow.FileReader, *arrow.Schema) error) error {
	in, err := file.NewParquetReader(r)
	if err != nil {
		return fmt.Errorf("expected a Parquet file: %w", err)
	}
	defer in.Close()
	pq, err := pqarrow.NewFileReader(in, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	schema, err := pq.Schema()
	if err != nil {
		return err
	}
	return use(pq, schema)
}

// A parquetSource reads Parquet column by column, for the reason that design has.
// It leaves out columns with structs, whose parts the library reads in goroutines,
// too.
type parquetSource struct {
	pq     *pqarrow.FileReader
	stored *arrow.Schema
}

func (s *parquetSource) schema() *arrow.Schema { return s.stored }

func (s *parquetSource) columns() ([][]arrow.Array, int, error) {
	in := s.pq.ParquetReader()
	groups := make([]int, in.NumRowGroups())
	for g := range groups {
		groups[g] = g
	}
	leaves := map[int]bool{}
	for leaf := range in.MetaData().Schema.NumColumns() {
		leaves[leaf] = true
	}
	rows := int(in.NumRows())
	c := newColumns(s.stored)
	for i, f := range s.stored.Fields() {
		if len(groups) == 0 {
			break
		}
		if !isForeign(f.Type) {
			continue
		}
		reader, err := s.pq.GetFieldReader(context.Background(), i, leaves, groups)
		if err == nil {
			c.chunks[i], err = readChunks(reader, rows)
			reader.Release()
		}
		if err != nil {
			return nil, 0, fmt.Errorf("column %s: %w", f.Name, err)
		}
	}
	return c.chunks, rows, nil
}

// readChunks reads a column that has so many rows.
func readChunks(r *pqarrow.ColumnReader, rows int) ([]arrow.Array, error) {
	var chunks []arrow.Array
	read := 0
	for read < rows {
		batch, err := r.NextBatch(designBatch)
		if err != nil {
			return nil, err
		}
		before := read
		for _, a := range batch.Chunks() {
			a.Retain()
			chunks = append(chunks, a)
			read += a.Len()
		}
		batch.Release()
		if read == before {
			break
		}
	}
	if read != rows {
		return nil, fmt.Errorf("it has %d rows; expected %d: the file is damaged", read, rows)
	}
	return chunks, nil
}
