package table

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

const rowGroup = 1 << 17

// A parquetWriter writes Parquet.
type parquetWriter struct {
	mem    memory.Allocator
	schema *arrow.Schema // as written
	out    *pqarrow.FileWriter
	sink   *sink
}

func newParquetWriter(w *sink, schema *arrow.Schema, o *WriteOptions) (*parquetWriter, error) {
	p := &parquetWriter{mem: o.Allocator, schema: storable(schema), sink: w}
	props := []parquet.WriterProperty{
		parquet.WithAllocator(o.Allocator),
		parquet.WithVersion(parquet.V2_LATEST),
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithMaxRowGroupLength(rowGroup),
		parquet.WithDictionaryDefault(false),
	}
	for _, f := range p.schema.Fields() { // numbers and times seldom repeat
		props = append(props, parquet.WithDictionaryFor(f.Name, f.Type.ID() == arrow.STRING))
	}
	var err error
	p.out, err = pqarrow.NewFileWriter(p.schema, quiet{w}, parquet.NewWriterProperties(props...),
		pqarrow.NewArrowWriterProperties(pqarrow.WithAllocator(o.Allocator), pqarrow.WithStoreSchema()))
	if err != nil {
		return nil, fmt.Errorf("begin a Parquet file: %w", err)
	}
	return p, nil
}

func (p *parquetWriter) write(r arrow.Record) error {
	stored, err := p.stored(r)
	if err != nil {
		return err
	}
	defer stored.Release()
	return p.sink.failed(p.out.WriteBuffered(stored))
}

func (p *parquetWriter) close() error { return p.sink.failed(p.out.Close()) }

// storable is the schema with the columns that Parquet has no type for, which
// are structs without a field, as text.
func storable(schema *arrow.Schema) *arrow.Schema {
	fields := schema.Fields()
	for i, f := range fields {
		if hasEmptyStruct(f.Type) {
			fields[i].Type = stringType
			fields[i].Metadata = arrow.NewMetadata(
				append(f.Metadata.Keys(), MetaEncoding), append(f.Metadata.Values(), "text"))
		}
	}
	meta := schema.Metadata()
	return arrow.NewSchema(fields, &meta)
}

func hasEmptyStruct(t arrow.DataType) bool {
	switch t := t.(type) {
	case *arrow.ListType:
		return hasEmptyStruct(t.Elem())
	case *arrow.StructType:
		for _, f := range t.Fields() {
			if hasEmptyStruct(f.Type) {
				return true
			}
		}
		return t.NumFields() == 0
	}
	return false
}

// stored converts a batch to the schema as written.
func (p *parquetWriter) stored(r arrow.Record) (arrow.Record, error) {
	arrays := make([]arrow.Array, r.NumCols())
	for i := range arrays {
		arrays[i] = r.Column(i)
		if r.Schema().Field(i).Type.ID() != arrow.STRING && p.schema.Field(i).Type.ID() == arrow.STRING {
			text, err := widen(p.mem, arrays[i], &shape{kind: kindText})
			if err != nil {
				return nil, err
			}
			defer text.Release()
			arrays[i] = text
		}
	}
	return array.NewRecord(p.schema, arrays, r.NumRows()), nil
}

// A quiet writer leaves errors to its sink, because the Parquet writer panics
// on some and forgets others.
type quiet struct{ sink *sink }

func (q quiet) Write(b []byte) (int, error) {
	_, _ = q.sink.Write(b)
	return len(b), nil
}
