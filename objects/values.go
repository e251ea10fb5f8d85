package objects

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// PutValues stores values under one tag (R's mset) and returns their hashes.
// What may be a value is said at rush.Values.
func (s *Store) PutValues(ctx context.Context, tag string, values ...any) ([]string, error) {
	readers := make([]io.Reader, len(values))
	for i, v := range values {
		parts, err := wire.Parts(v)
		if err != nil {
			return nil, s.wrap(fmt.Sprintf("put value %d of %d", i+1, len(values)), err)
		}
		readers[i] = readerOf(parts)
	}
	return hashesOf(s.put(ctx, tag, readers))
}

// readerOf reads the parts of an encoded value.
func readerOf(parts [][]byte) io.Reader {
	readers := make([]io.Reader, len(parts))
	for i, b := range parts {
		readers[i] = bytes.NewReader(b)
	}
	return io.MultiReader(readers...)
}

// Values reads values that PutValues stored, in the order of the hashes (R's
// mget). One that does not exist is an error, rush.ErrNoObject, that names it.
func (s *Store) Values(ctx context.Context, hashes ...string) ([]any, error) {
	encoded, err := s.Bytes(ctx, hashes...)
	if err != nil {
		return nil, err
	}
	values := make([]any, len(encoded))
	for i, b := range encoded {
		if values[i], err = wire.Join(b); err != nil {
			return nil, s.wrap("read object "+hashes[i], err)
		}
	}
	return values, nil
}

// CapturedName is the name under which a task's XSExtra refers to what it
// captured.
const CapturedName = ".captured"

// Capture stores what tasks capture, without a tag yet, and returns the
// reference to it.
func (s *Store) Capture(ctx context.Context, captured rush.Values) (rush.Reference, error) {
	ref, err := s.putValue(ctx, "", map[string]any(captured))
	if err != nil {
		return rush.Reference{}, fmt.Errorf("captured values: %w", err)
	}
	return ref, nil
}

func (s *Store) putValue(ctx context.Context, tag string, v any) (rush.Reference, error) {
	parts, err := wire.Parts(v)
	if err != nil {
		return rush.Reference{}, err
	}
	infos, err := s.put(ctx, tag, []io.Reader{readerOf(parts)})
	if err != nil {
		return rush.Reference{}, err
	}
	return rush.Reference{Hash: infos[0].Hash, Size: infos[0].Size}, nil
}

// Extract returns values in which those above the network's limit are
// references to objects under the tag, and the hashes of these. It does
// nothing when the network has no limit; the first call asks for that.
func (s *Store) Extract(ctx context.Context, tag string, v rush.Values) (rush.Values, []string, error) {
	if len(v) == 0 {
		return v, nil, nil
	}
	limit, err := s.valueLimit(ctx)
	if err != nil || limit == 0 {
		return v, nil, err
	}
	short := v
	var hashes []string
	for name, value := range v {
		if wire.Size(value) <= limit {
			continue
		}
		ref, err := s.putValue(ctx, tag, value)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		if len(hashes) == 0 {
			short = make(rush.Values, len(v))
			for other := range v {
				short[other] = v[other]
			}
		}
		short[name] = ref
		hashes = append(hashes, ref.Hash)
	}
	return short, hashes, nil
}

// Restore puts the values that references stand for in their places. One whose
// object is not there, or cannot be read here, stays a reference.
func (s *Store) Restore(ctx context.Context, tasks ...*rush.Task) error {
	var places []place
	for _, t := range tasks {
		for _, v := range []rush.Values{t.XS, t.YS, t.XSExtra, t.YSExtra} {
			places = findReferences(places, v)
		}
		for i := range t.Attempts {
			places = findReferences(places, t.Attempts[i].YS)
		}
	}
	if len(places) > 0 {
		if err := s.fill(ctx, places); err != nil {
			return err
		}
	}
	for _, t := range tasks {
		if captured, ok := t.XSExtra[CapturedName].(map[string]any); ok {
			t.Captured = captured
			delete(t.XSExtra, CapturedName)
		}
	}
	return nil
}

// A place is where a reference is.
type place struct {
	values rush.Values
	name   string
	hash   string
}

func findReferences(places []place, v rush.Values) []place {
	for name, value := range v {
		if r, ok := value.(rush.Reference); ok {
			places = append(places, place{v, name, r.Hash})
		}
	}
	return places
}

// fill reads what the references stand for. What tasks captured is shared.
func (s *Store) fill(ctx context.Context, places []place) error {
	for _, p := range places {
		if p.name == CapturedName {
			if v := s.lastCaptured(p.hash); v != nil {
				p.values[p.name] = v
				continue
			}
		}
		objects, err := s.net.Objects(ctx, []string{p.hash}, true)
		if err != nil {
			return err
		}
		v, err := s.value(ctx, &objects[0])
		if err != nil {
			continue // whoever needs it gets the reason from Values
		}
		p.values[p.name] = v
		if captured, ok := v.(map[string]any); ok && p.name == CapturedName {
			s.keepCaptured(p.hash, captured)
		}
	}
	return ctx.Err()
}

func (s *Store) value(ctx context.Context, o *store.Object) (any, error) {
	b, err := s.bytes(ctx, o)
	if err != nil {
		return nil, err
	}
	return wire.Join(b)
}

// lastCaptured returns what tasks captured, if it was read last.
func (s *Store) lastCaptured(hash string) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.capturedHash != hash || s.captured == nil {
		return nil
	}
	return s.captured
}

func (s *Store) keepCaptured(hash string, v map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.capturedHash, s.captured = hash, v
}
