package table

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// checkArrow refuses an Arrow file, or stream, whose schema is damaged in ways that the
// library takes for so many columns that no memory suffices. It reads what the library
// reads first: FlatBuffers, of which Arrow's Schema.fbs, Message.fbs and File.fbs say
// what is in which slot. It may panic when the file is damaged otherwise.
func checkArrow(r io.ReaderAt, size int64) error {
	magic := make([]byte, len(arrowMagic))
	if _, err := r.ReadAt(magic, 0); err != nil {
		return fmt.Errorf("expected an Arrow file: %w", err)
	}
	from, n := int64(0), int64(0)
	if bytes.Equal(magic, arrowMagic) {
		n = int64(word(r, size-int64(len(arrowMagic))-4))
		from = size - int64(len(arrowMagic)) - 4 - n
	} else {
		if n, from = int64(word(r, 0)), 4; n == 0xffffffff {
			n, from = int64(word(r, 4)), 8
		}
	}
	if from < 0 || n > size-from {
		return errors.New("expected an Arrow file: it ends before its schema does")
	}
	f := flat{b: make([]byte, n)}
	if _, err := r.ReadAt(f.b, from); err != nil {
		return fmt.Errorf("expected an Arrow file: %w", err)
	}
	const footerSchema, messageHeader, schemaFields, schemaMetadata = 1, 2, 1, 2
	slot := messageHeader
	if bytes.Equal(magic, arrowMagic) {
		slot = footerSchema
	}
	at := f.slot(f.follow(0), slot)
	if at == 0 {
		return errors.New("expected an Arrow file: it has no schema")
	}
	schema := f.follow(at)
	f.vector(schema, schemaMetadata)
	return f.fields(schema, schemaFields, 0)
}

// word reads 4 bytes; there are none beyond the ends of a file.
func word(r io.ReaderAt, at int64) uint32 {
	b := make([]byte, 4)
	if at < 0 {
		return 0
	}
	_, _ = r.ReadAt(b, at) // less is found out by who reads on
	return binary.LittleEndian.Uint32(b)
}

// A flat is a FlatBuffer. Positions are from its beginning; its methods panic at what is
// beyond its end.
type flat struct {
	b    []byte
	seen int // fields
}

func (f *flat) follow(at int) int { return at + int(binary.LittleEndian.Uint32(f.b[at:])) }

// slot returns where a table has a slot; 0 if it has not.
func (f *flat) slot(table, slot int) int {
	entries := table - int(int32(binary.LittleEndian.Uint32(f.b[table:])))
	if place := 4 + 2*slot; place < int(binary.LittleEndian.Uint16(f.b[entries:])) {
		if off := int(binary.LittleEndian.Uint16(f.b[entries+place:])); off != 0 {
			return table + off
		}
	}
	return 0
}

// vector returns where the items of a slot begin, which are offsets, and how many there
// are.
func (f *flat) vector(table, slot int) (start, n int) {
	at := f.slot(table, slot)
	if at == 0 {
		return 0, 0
	}
	at = f.follow(at)
	n = int(binary.LittleEndian.Uint32(f.b[at:]))
	_ = f.b[at+4 : at+4+4*n]
	return at + 4, n
}

// fields looks at the fields in a slot, and at those in them.
func (f *flat) fields(table, slot, depth int) error {
	const most, deepest = 100_000, 64
	const kind, children, metadata, views = 2, 5, 6, 23 // BinaryView and what is listed after it
	start, n := f.vector(table, slot)
	if f.seen += n; f.seen > most || depth > deepest {
		return fmt.Errorf("it has more than %d columns, or lists of lists that are more than %d deep", most, deepest)
	}
	for i := range n {
		field := f.follow(start + 4*i)
		f.vector(field, metadata)
		if at := f.slot(field, kind); at != 0 && f.b[at] >= views { // only the file knows how many buffers it has
			return errors.New("it has a column of views; expected integers, floats, booleans, texts, times or lists of them")
		}
		if err := f.fields(field, children, depth+1); err != nil {
			return err
		}
	}
	return nil
}
