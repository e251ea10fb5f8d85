package table

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// widen returns an array as one of a shape that has observed the values of
// the array's own: the same cells as if it had been built with that shape. The
// caller releases it.
func widen(mem memory.Allocator, a arrow.Array, s *shape) (arrow.Array, error) {
	dtype := s.arrowType()
	if arrow.TypeEqual(a.DataType(), dtype) {
		a.Retain()
		return a, nil
	}
	data, err := widenData(mem, a.Data(), s)
	if err != nil {
		return nil, err
	}
	defer data.Release()
	return array.MakeFromData(data), nil
}

// widenData keeps the offset of the data, so that what is above it still fits.
func widenData(mem memory.Allocator, data arrow.ArrayData, s *shape) (arrow.ArrayData, error) {
	dtype := s.arrowType()
	from := data.DataType().ID()
	switch {
	case arrow.TypeEqual(data.DataType(), dtype):
		data.Retain()
		return data, nil
	case from == arrow.NULL:
		empty := nulls(mem, dtype, data.Offset()+data.Len())
		defer empty.Release()
		return array.NewSliceData(empty.Data(), int64(data.Offset()), int64(data.Offset()+data.Len())), nil
	case s.kind == kindText:
		return rebuild(mem, data, dtype, textOf)
	case from == arrow.INT64 && s.kind == kindFloat:
		return rebuild(mem, data, dtype, floatOf)
	case from == arrow.LIST && s.kind == kindList:
		return widenList(mem, data, s)
	case from == arrow.STRUCT && s.kind == kindMap:
		return widenStruct(mem, data, s)
	}
	return nil, fmt.Errorf("a column of %s cannot become one of %s", data.DataType(), dtype)
}

func widenList(mem memory.Allocator, data arrow.ArrayData, s *shape) (arrow.ArrayData, error) {
	values, err := widenData(mem, data.Children()[0], s.elem)
	if err != nil {
		return nil, err
	}
	defer values.Release()
	return array.NewData(s.arrowType(), data.Len(), data.Buffers(), []arrow.ArrayData{values}, data.NullN(), data.Offset()), nil
}

func widenStruct(mem memory.Allocator, data arrow.ArrayData, s *shape) (arrow.ArrayData, error) {
	had := data.DataType().(*arrow.StructType)
	children := make([]arrow.ArrayData, len(s.fields))
	defer func() {
		for _, c := range children {
			if c != nil {
				c.Release()
			}
		}
	}()
	for i, f := range s.fields {
		at, ok := had.FieldIdx(label(f.name))
		if !ok {
			empty := nulls(mem, f.shape.arrowType(), data.Offset()+data.Len())
			children[i] = empty.Data()
			children[i].Retain()
			empty.Release()
			continue
		}
		var err error
		if children[i], err = widenData(mem, data.Children()[at], f.shape); err != nil {
			return nil, err
		}
	}
	return array.NewData(s.arrowType(), data.Len(), data.Buffers(), children, data.NullN(), data.Offset()), nil
}

// rebuild makes new data cell by cell. What lies before the offset becomes
// null: nothing refers to it.
func rebuild(mem memory.Allocator, data arrow.ArrayData, dtype arrow.DataType, cell func(array.Builder, arrow.Array, int)) (arrow.ArrayData, error) {
	a := array.MakeFromData(data)
	defer a.Release()
	b := array.NewBuilder(mem, dtype)
	defer b.Release()
	b.Resize(max(data.Offset()+data.Len(), 1)) // Arrow's list builder loses memory when resized to 0
	b.AppendNulls(data.Offset())
	for i := range a.Len() {
		if a.IsNull(i) {
			b.AppendNull()
		} else {
			cell(b, a, i)
		}
	}
	whole := b.NewArray()
	defer whole.Release()
	return array.NewSliceData(whole.Data(), int64(data.Offset()), int64(data.Offset()+data.Len())), nil
}

func floatOf(b array.Builder, a arrow.Array, i int) {
	b.(*array.Float64Builder).Append(float64(a.(*array.Int64).Value(i)))
}

func textOf(b array.Builder, a arrow.Array, i int) {
	appendUTF8(b, appendText(nil, cell(a, i)), false)
}

// nulls returns n nulls of a type.
func nulls(mem memory.Allocator, dtype arrow.DataType, n int) arrow.Array {
	if !arrow.IsNested(dtype.ID()) {
		return array.MakeArrayOfNull(mem, dtype, n)
	}
	b := array.NewBuilder(mem, dtype) // the above does not know null types inside
	defer b.Release()
	b.Resize(max(n, 1))
	b.AppendNulls(n)
	return b.NewArray()
}
