package network_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
)

// The hashes are those of the R manual's example of write_hashes.
func TestHashesAreWrittenAndRead(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		keys, err := net.WriteHashes(ctx, map[string][]any{
			"xs":     {map[string]any{"x1": 1, "x2": 2}, map[string]any{"x1": 3, "x2": 4}},
			"ys":     {map[string]any{"y": 3}, map[string]any{"y": 7}},
			"source": {"table"},     // for both
			"nil":    nil,           // no list
			"gaps":   {nil, "late"}, // no value in the first
		})
		if err != nil || len(keys) != 2 || keys[0] == keys[1] {
			t.Fatalf("found the keys %q, %v; expected two new ones", keys, err)
		}
		nested, err := net.ReadHashes(ctx, append(keys, "missing"), nil, false)
		if err != nil {
			t.Fatal(err)
		}
		want := []rush.Values{
			{"xs": map[string]any{"x1": int64(1), "x2": int64(2)}, "ys": map[string]any{"y": int64(3)}, "source": "table"},
			{"xs": map[string]any{"x1": int64(3), "x2": int64(4)}, "ys": map[string]any{"y": int64(7)}, "source": "table", "gaps": "late"},
			nil,
		}
		if diff := cmp.Diff(want, nested); diff != "" {
			t.Errorf("nested: -want +got:\n%s", diff)
		}
		flat, err := net.ReadHashes(ctx, keys, []string{"xs", "ys"}, true)
		if err != nil {
			t.Fatal(err)
		}
		want = []rush.Values{{"x1": int64(1), "x2": int64(2), "y": int64(3)}, {"x1": int64(3), "x2": int64(4), "y": int64(7)}}
		if diff := cmp.Diff(want, flat); diff != "" {
			t.Errorf("flat: -want +got:\n%s", diff)
		}
	})
}

func TestAHashKeepsWhatIsNotNamed(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		for _, fields := range []map[string][]any{
			{"a": {map[string]any{"x": 1.5}}, "b": {map[string]any{"x": true}}},
			{"c": {[]any{"list", nil}}},
		} {
			if keys, err := net.WriteHashes(ctx, fields, "mine"); err != nil || keys[0] != "mine" {
				t.Fatalf("found %q, %v", keys, err)
			}
		}
		got, err := net.ReadHash(ctx, "mine")
		want := rush.Values{"a": map[string]any{"x": 1.5}, "b": map[string]any{"x": true}, "c": []any{"list", nil}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v, -want +got:\n%s", err, diff)
		}
		flat, err := net.ReadHashes(ctx, []string{"mine"}, nil, true)
		if diff := cmp.Diff([]rush.Values{{"a.x": 1.5, "b.x": true, "c": []any{"list", nil}}}, flat); diff != "" || err != nil {
			t.Errorf("%v, -want +got:\n%s", err, diff)
		}
		if n, err := net.DeleteHashes(ctx, "mine", "yours"); n != 1 || err != nil {
			t.Errorf("deleted %d, %v; expected 1", n, err)
		}
		if got, err := net.ReadHash(ctx, "mine", "a"); got != nil || err != nil {
			t.Errorf("found %v, %v; expected it to be gone", got, err)
		}
	})
}

func TestHashesOfOtherLengthsAreRefused(t *testing.T) {
	t.Parallel()
	ctx, net := within(t), open(t, t.TempDir()+"/rush.db")
	for _, c := range []struct {
		fields map[string][]any
		keys   []string
		says   string
	}{
		{map[string][]any{"a": {1, 2, 3}, "b": {1, 2}}, nil, "field b has 2 values; expected 1 or 3"},
		{map[string][]any{"a": {1, 2}}, []string{"k1", "k2", "k3"}, "field a has 2 values; expected 1 or 3"},
		{map[string][]any{"a": {1, make(chan int)}}, []string{"k1", "k2"}, "field a of hash 2"},
	} {
		_, err := net.WriteHashes(ctx, c.fields, c.keys...)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("found %v, expected it to say %q", err, c.says)
		}
	}
	if got, err := net.ReadHash(ctx, "k1"); got != nil || err != nil {
		t.Errorf("found %v, %v; expected nothing to have been written", got, err)
	}
	if keys, err := net.WriteHashes(ctx, nil); len(keys) != 0 || err != nil {
		t.Errorf("found %q, %v; expected nothing to be written", keys, err)
	}
}
