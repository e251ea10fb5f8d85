package redisstore

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rushnet/rush"
)

// letter returns how a task's hash calls a state.
func letter(s rush.State) byte {
	switch s {
	case rush.Deferred:
		return 'd'
	case rush.Queued:
		return 'q'
	case rush.Running:
		return 'r'
	case rush.Finished:
		return 'f'
	}
	return 'x'
}

func stateOf(letter byte) rush.State {
	switch letter {
	case 'd':
		return rush.Deferred
	case 'q':
		return rush.Queued
	case 'r':
		return rush.Running
	case 'f':
		return rush.Finished
	case 'x':
		return rush.Failed
	}
	return ""
}

// appendInputs appends the fields of what a task is given, and their values. It
// waits in the queue, whatever its options say.
func appendInputs(args []any, xs, xsExtra []byte, queue string, o *rush.Options) []any {
	if len(xs) > 0 {
		args = append(args, "x", xs)
	}
	if len(xsExtra) > 0 {
		args = append(args, "u", xsExtra)
	}
	if queue != "" {
		args = append(args, "q", queue)
	}
	if o.Function != "" {
		args = append(args, "f", o.Function)
	}
	if len(o.Seed) > 0 {
		args = append(args, "g", encodeSeed(o.Seed))
	}
	for _, n := range []struct {
		field string
		value int64
	}{{"l", int64(o.Timeout)}, {"i", int64(o.Stall)}, {"m", int64(o.MaxRetries)}, {"j", o.Memory}, {"o", int64(flag(o.Isolate))}} {
		if n.value != 0 {
			args = append(args, n.field, n.value)
		}
	}
	return args
}

// fieldLetters returns the fields of a task's hash that hold what is asked
// for, the head first.
func fieldLetters(fields rush.Fields) string {
	letters := "h"
	for _, part := range []struct {
		field   rush.Fields
		letters string
	}{
		{rush.FieldXS, "x"}, {rush.FieldYS, "y"}, {rush.FieldXSExtra, "u"}, {rush.FieldYSExtra, "v"},
		{rush.FieldCondition, "c"}, {rush.FieldWorker, "w"}, {rush.FieldTimes, "pe"},
		{rush.FieldOptions, "qfglimjod"}, {rush.FieldHistory, "ABP"}, {rush.FieldReports, "R"},
	} {
		if fields.Has(part.field) {
			letters += part.letters
		}
	}
	return letters
}

// manyFields is from how many fields on it is faster to read the whole hash:
// looking for a field that is not there takes as long as reading all.
const manyFields = 6

// A selection is which fields of a hash are read, and how.
type selection struct {
	letters string
	all     bool // the whole hash is read
	times   bool
}

func selectFields(fields rush.Fields) selection {
	letters := fieldLetters(fields)
	return selection{letters: letters, all: len(letters) >= manyFields, times: fields.Has(rush.FieldTimes)}
}

// arg is how the scripts are told.
func (s selection) arg() string {
	if s.all {
		return "*"
	}
	return s.letters
}

// read reads the hash of a task into a record, which has its key already.
func (s selection) read(r *reply, rec *rush.Record) {
	n := r.array()
	if !s.all {
		for i := range n {
			if v := r.bytes(); v != nil {
				r.check(s.set(r, rec, s.letters[i], v))
			}
		}
		return
	}
	for range n / 2 {
		field, v := r.bytes(), r.bytes()
		if len(field) == 1 && strings.IndexByte(s.letters, field[0]) >= 0 {
			r.check(s.set(r, rec, field[0], v))
		}
	}
}

// set stores the value of a field in the record.
func (s selection) set(r *reply, rec *rush.Record, field byte, v []byte) error {
	switch field {
	case 'h':
		return setHead(rec, v, s.times)
	case 'x':
		rec.XS = v
	case 'u':
		rec.XSExtra = v
	case 'y':
		rec.YS = notEmpty(v)
	case 'v':
		rec.YSExtra = v
	case 'c':
		rec.Condition = v
	case 'w':
		rec.Worker = r.worker(v)
	case 'p', 'e':
		return setSpent(rec, v)
	case 'A':
		return setAttempts(rec, v)
	case 'B':
		return setLate(rec, v)
	case 'P':
		rec.Progress = v
	case 'R':
		rec.Reports = readReports(&reply{b: v}, r)
	default:
		return setOption(rec, field, v)
	}
	return nil
}

func notEmpty(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}

func setOption(rec *rush.Record, field byte, v []byte) error {
	switch field {
	case 'q':
		rec.Queue = string(v)
		return nil
	case 'f':
		rec.Function = string(v)
		return nil
	case 'g':
		for ; len(v) >= 4; v = v[4:] {
			rec.Seed = append(rec.Seed, int32(binary.LittleEndian.Uint32(v)))
		}
		return nil
	case 'd':
		keys, err := decodeKeys(v)
		rec.DependsOn = keys
		return err
	}
	n, err := strconv.ParseInt(string(v), 10, 64)
	switch field {
	case 'l':
		rec.Timeout = time.Duration(n)
	case 'i':
		rec.Stall = time.Duration(n)
	case 'm':
		rec.MaxRetries = int(n)
	case 'j':
		rec.Memory = n
	case 'o':
		rec.Isolate = n == 1
	}
	return err
}

// decodeKeys reads numbers with commas between and around them.
func decodeKeys(b []byte) (keys []rush.TaskKey, err error) {
	for number := range bytes.SplitSeq(b, []byte{','}) {
		if len(number) == 0 {
			continue
		}
		n, err := strconv.ParseInt(string(number), 10, 64)
		if err != nil {
			return keys, err
		}
		keys = append(keys, rush.TaskKey(n))
	}
	return keys, nil
}

func setSpent(rec *rush.Record, v []byte) error {
	parts := [4]*time.Duration{&rec.Spent.Proposing, &rec.Spent.Waiting, &rec.Spent.Evaluating, &rec.Spent.Storing}
	for i := 0; len(v) > 0; i++ {
		n, size := binary.Varint(v)
		if size <= 0 {
			return fmt.Errorf("the time spent is % x", v)
		}
		*parts[i%4] += time.Duration(n)
		v = v[size:]
	}
	return nil
}

func setAttempts(rec *rush.Record, v []byte) error {
	r := &reply{b: v}
	for len(r.b) > 0 && r.err == nil {
		r.array()
		rec.Attempts = append(rec.Attempts, rush.AttemptRecord{
			Number: int(r.int()), Worker: rush.WorkerID(r.string()), YS: notEmpty(r.bytes()), YSExtra: notEmpty(r.bytes()),
			Condition: notEmpty(r.bytes()), Started: r.int(), Finished: r.int(),
		})
		r.int() // whether it was retried: for the scripts
		rec.Attempts[len(rec.Attempts)-1].Reports = readReports(&reply{b: r.bytes()}, r)
	}
	return r.err
}

// readReports reads reports, of which the last comes first; of tells what was
// wrong with them.
func readReports(r, of *reply) (reports []rush.ReportRecord) {
	for len(r.b) > 0 && r.err == nil {
		r.array()
		reports = append(reports, rush.ReportRecord{Step: r.int(), YS: notEmpty(r.bytes())})
	}
	of.check(r.err)
	slices.Reverse(reports)
	return reports
}

func setLate(rec *rush.Record, v []byte) error {
	r := &reply{b: v}
	for len(r.b) > 0 && r.err == nil {
		r.array()
		rec.Late = append(rec.Late, rush.LateRecord{
			Attempt: int(r.int()), Worker: rush.WorkerID(r.string()), YS: notEmpty(r.bytes()),
			Condition: notEmpty(r.bytes()), At: r.int(),
		})
	}
	return r.err
}
