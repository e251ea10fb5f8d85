package sqlitestore

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"slices"

	"github.com/rushnet/rush"
)

// Report keeps what a running task had after a step.
func (n *network) Report(ctx context.Context, key rush.TaskKey, attempt int, step int64, ys []byte) error {
	return n.write(ctx, "report", func(t *txn) error {
		was, err := t.record(key, rush.FieldReports)
		switch {
		case err != nil:
			return err
		case was.State == "":
			return &rush.TaskError{Key: key, Err: rush.ErrNoTask}
		case was.State != rush.Running || attempt != 0 && attempt != was.Attempt:
			return &rush.TaskError{Key: key, Err: rush.ErrState}
		}
		now := rush.ReportRecord{Step: step, YS: ys}
		i, replaced := slices.BinarySearchFunc(was.Reports, step, func(r rush.ReportRecord, step int64) int { return cmp.Compare(r.Step, step) })
		switch {
		case !replaced:
			was.Reports = slices.Insert(was.Reports, i, now)
		case bytes.Equal(was.Reports[i].YS, ys):
			return nil
		default:
			was.Reports[i] = now
		}
		return t.stmt("UPDATE tasks SET reports = ? WHERE id = ?").blob(encodeReports(was.Reports)).int(t.id(int64(key))).run()
	})
}

// encodeReports packs reports; none give nil.
func encodeReports(reports []rush.ReportRecord) []byte {
	var b []byte
	for _, r := range reports {
		b = binary.AppendVarint(b, r.Step)
		b = binary.AppendUvarint(b, uint64(len(r.YS)))
		b = append(b, r.YS...)
	}
	return b
}

// decodeReports reads what encodeReports wrote.
func decodeReports(b []byte) (reports []rush.ReportRecord) {
	for len(b) > 0 {
		step, n := binary.Varint(b)
		if n <= 0 {
			return reports
		}
		size, m := binary.Uvarint(b[n:])
		if m <= 0 || size > uint64(len(b)-n-m) {
			return reports
		}
		b = b[n+m:]
		reports = append(reports, rush.ReportRecord{Step: step, YS: b[:size:size]})
		b = b[size:]
	}
	return reports
}
