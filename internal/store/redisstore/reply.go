package redisstore

import (
	"fmt"

	"github.com/tinylib/msgp/msgp"

	"github.com/rushnet/rush"
)

// A reply reads the MessagePack that a script packed, value by value. After
// the first value that is not what was asked for all the others are zero, and
// err says what was wrong.
type reply struct {
	b   []byte
	err error

	workers map[string]rush.WorkerID // read so far: there are few, each in many records
}

// unpack begins to read what a script returned. Bytes that are read from the
// reply share its memory.
func unpack(v any) *reply {
	switch v := v.(type) {
	case string:
		return &reply{b: []byte(v)}
	case int64:
		return &reply{b: msgp.AppendInt64(nil, v)}
	}
	return &reply{err: fmt.Errorf("a script returned a %T", v)}
}

// finish returns the first error, also if something is left to be read.
func (r *reply) finish() error {
	if r.err == nil && len(r.b) > 0 {
		r.err = fmt.Errorf("%d bytes left over", len(r.b))
	}
	if r.err != nil {
		return fmt.Errorf("read a script's answer: %w", r.err)
	}
	return nil
}

// array begins an array and returns how many values it has.
func (r *reply) array() int {
	n, rest, err := msgp.ReadArrayHeaderBytes(r.b)
	if r.failed(err) {
		return 0
	}
	r.b = rest
	return int(n)
}

func (r *reply) int() int64 {
	n, rest, err := msgp.ReadInt64Bytes(r.b)
	if r.failed(err) {
		return 0
	}
	r.b = rest
	return n
}

func (r *reply) bool() bool {
	v, rest, err := msgp.ReadBoolBytes(r.b)
	if r.failed(err) {
		return false
	}
	r.b = rest
	return v
}

// isFalse reads a false, if there is one.
func (r *reply) isFalse() bool {
	if r.err != nil || len(r.b) == 0 || msgp.NextType(r.b) != msgp.BoolType {
		return false
	}
	r.bool()
	return true
}

// bytes reads a string, or nil for false.
func (r *reply) bytes() []byte {
	if r.isFalse() {
		return nil
	}
	v, rest, err := msgp.ReadStringZC(r.b)
	if r.failed(err) {
		return nil
	}
	r.b = rest
	return v[:len(v):len(v)]
}

func (r *reply) string() string { return string(r.bytes()) }

func (r *reply) failed(err error) bool {
	if r.err == nil {
		r.err = err
	}
	return r.err != nil
}

// check notes an error of what was read.
func (r *reply) check(err error) { r.failed(err) }

// worker returns the id of a worker, the same string each time.
func (r *reply) worker(b []byte) rush.WorkerID {
	id, ok := r.workers[string(b)]
	if !ok {
		if r.workers == nil {
			r.workers = map[string]rush.WorkerID{}
		}
		id = rush.WorkerID(b)
		r.workers[string(id)] = id
	}
	return id
}
