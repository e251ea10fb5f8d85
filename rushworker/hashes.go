package rushworker

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// Hashes are records of named fields that a network keeps beside its tasks,
// for whatever a program wants to share: R's write_hashes and read_hashes. A
// reset of the network deletes them. Both a manager and a worker have them;
// they are safe for concurrent use.
type Hashes struct{ net HashSource }

// A HashSource is where [Hashes] are kept: the stores' raw records. The values
// are encoded.
type HashSource interface {
	ID() rush.NetworkID
	WriteHashes(ctx context.Context, keys []string, hashes []map[string][]byte) error
	ReadHashes(ctx context.Context, keys, fields []string) ([]map[string][]byte, error)
	DeleteHashes(ctx context.Context, keys []string) (int, error)
}

// NewHashes returns the hashes that src keeps.
func NewHashes(src HashSource) *Hashes { return &Hashes{src} }

// WriteHashes writes one hash for each place in the lists of values: field
// NAME of the i-th hash becomes the i-th value of fields[NAME]. A list has as
// many values as the longest, or one, which is for all hashes; any other
// length is an error, and nothing is written. Lists without values and values
// that are nil are ignored. Fields that a hash has already and that are not
// named stay as they are.
//
// keys are the hashes' keys, one for each; none are as many new ones as are
// needed. The keys are returned, in the order of the values.
func (h *Hashes) WriteHashes(ctx context.Context, fields map[string][]any, keys ...string) ([]string, error) {
	hashes, err := encodeHashes(fields, len(keys))
	if err == nil && len(hashes) > 0 {
		for len(keys) < len(hashes) {
			keys = append(keys, uuid.NewString())
		}
		err = h.net.WriteHashes(ctx, keys, hashes)
	}
	if err != nil {
		return nil, fmt.Errorf("write %d hashes of network %s: %w", len(hashes), h.net.ID(), err)
	}
	return keys, nil
}

// encodeHashes lays the lists of values out as n hashes; 0 are as many as the
// longest list has.
func encodeHashes(fields map[string][]any, n int) ([]map[string][]byte, error) {
	if n == 0 {
		for _, values := range fields {
			n = max(n, len(values))
		}
	}
	hashes := make([]map[string][]byte, n)
	for i := range hashes {
		hashes[i] = map[string][]byte{}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		values := fields[name]
		if l := len(values); l > 1 && l != n {
			return nil, fmt.Errorf("field %s has %d values; expected 1 or %d, one for each hash", name, l, n)
		}
		for i := range hashes {
			if len(values) == 0 || values[i%len(values)] == nil {
				continue
			}
			var err error
			if hashes[i][name], err = wire.AppendValue(nil, values[i%len(values)]); err != nil {
				return nil, fmt.Errorf("field %s of hash %d: %w", name, i+1, err)
			}
		}
	}
	return hashes, nil
}

// ReadHashes reads hashes in the order of the keys; nil fields are all. Each
// is a map of its fields' values, without the fields that it does not have;
// nil if there is no such hash.
//
// With flatten the entries of fields that are maps take the place of these
// fields, so that {xs: {x1: 1}, ys: {y: 3}} becomes {x1: 1, y: 3}. A name that
// more than one of them has becomes FIELD.NAME for each.
func (h *Hashes) ReadHashes(ctx context.Context, keys, fields []string, flatten bool) ([]rush.Values, error) {
	raw, err := h.net.ReadHashes(ctx, keys, fields)
	if err != nil {
		return nil, fmt.Errorf("read %d hashes of network %s: %w", len(keys), h.net.ID(), err)
	}
	hashes := make([]rush.Values, len(raw))
	for i, r := range raw {
		if hashes[i], err = decodeHash(r); err != nil {
			return nil, fmt.Errorf("network %s: hash %s: %w", h.net.ID(), keys[i], err)
		}
		if flatten {
			hashes[i] = flat(hashes[i])
		}
	}
	return hashes, nil
}

// ReadHash reads one hash; no fields are all. It is nil if there is no such
// hash.
func (h *Hashes) ReadHash(ctx context.Context, key string, fields ...string) (rush.Values, error) {
	hashes, err := h.ReadHashes(ctx, []string{key}, fields, false)
	if err != nil {
		return nil, err
	}
	return hashes[0], nil
}

// DeleteHashes deletes hashes and returns how many there were.
func (h *Hashes) DeleteHashes(ctx context.Context, keys ...string) (int, error) {
	n, err := h.net.DeleteHashes(ctx, keys)
	if err != nil {
		return n, fmt.Errorf("delete %d hashes of network %s: %w", len(keys), h.net.ID(), err)
	}
	return n, nil
}

func decodeHash(fields map[string][]byte) (rush.Values, error) {
	if fields == nil {
		return nil, nil
	}
	v := make(rush.Values, len(fields))
	for name, b := range fields {
		value, _, err := wire.ReadValue(b)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", name, err)
		}
		v[name] = value
	}
	return v, nil
}

// flat puts the entries of maps in the place of the maps.
func flat(v rush.Values) rush.Values {
	if v == nil {
		return nil
	}
	count := map[string]int{}
	each := func(f func(field, name string, value any)) {
		for field, value := range v {
			if entries, ok := value.(map[string]any); ok {
				for name, value := range entries {
					f(field, name, value)
				}
			} else {
				f("", field, value)
			}
		}
	}
	each(func(_, name string, _ any) { count[name]++ })
	out := rush.Values{}
	each(func(field, name string, value any) {
		if field != "" && count[name] > 1 {
			name = field + "." + name
		}
		out[name] = value
	})
	return out
}
