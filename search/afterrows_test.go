package search

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
)

// linked reads points of which "after", or another field, says which come before.
func linked(text, ending string, s space.Space, field string) ([]rush.Values, [][]int, error) {
	p, err := (&Definition{Space: s}).ReadPoints(strings.NewReader(text), ending, &PointsOptions{AfterRows: field})
	return p.XS, p.After, err
}

func TestReadLinkedPoints(t *testing.T) {
	t.Parallel()
	points := []rush.Values{{"x": int64(1)}, {"x": int64(2)}, {"x": int64(3)}}
	links := [][]int{nil, {0}, {0, 1}}
	for _, tc := range []struct{ ending, text string }{
		{".csv", "after,x\n,1\n0,2\n\"0, 1\",3\n"},
		{".csv", "\ufeffx, after\n1,\n\n2,0\n3,0;1\n"},
		{".jsonl", `{"x": 1}` + "\n\n" + `{"after": 0, "x": 2}` + "\n" + `{"x": 3, "after": [0, 1]}`},
		{".ndjson", `{"x": 1, "after": []}` + "\n" + `{"after": "0", "x": 2}` + "\n" + `{"x": 3, "after": "0 1"}`},
	} {
		for _, s := range []space.Space{{}, space.MustNew(space.Param{Name: "x", Type: space.Int, Lower: 1, Upper: 5})} {
			xs, after, err := linked(tc.text, tc.ending, s, "after")
			if err != nil {
				t.Fatalf("%q: %v", tc.text, err)
			}
			if diff := cmp.Diff(points, xs); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tc.text, diff)
			}
			for i := range links {
				if len(after[i]) != len(links[i]) || len(links[i]) > 0 && !cmp.Equal(after[i], links[i]) {
					t.Errorf("%q: row %d comes after %v, expected %v", tc.text, i, after[i], links[i])
				}
			}
		}
	}
	xs, after, err := linked(parquetFile(t), ".parquet", space.Space{}, "n")
	if err != nil || !cmp.Equal(after, [][]int{{1}, {2}}) || len(xs) != 2 || len(xs[0]) != 3 {
		t.Errorf("of a Parquet file: found %v, %v, %v", xs, after, err)
	}
}

func TestReadLinkedPointsNamesTheLine(t *testing.T) {
	t.Parallel()
	s := space.MustNew(space.Param{Name: "x", Type: space.Int, Lower: 1, Upper: 5})
	for _, tc := range []struct{ ending, text, want string }{
		{".csv", "x,after\n1,\n\n\n9,0\n", "line 5"},
		{".csv", "x,after\n1,-1\n", "line 2: after: expected numbers of rows, from 0, found -1"},
		{".csv", "x\n1\n", "line 1: there is no column after; there are x"},
		{".jsonl", "{\"x\":1}\n\n{\"x\":9,\"after\":0}", "line 3"},
		{".jsonl", "\n{\"x\":1,\"after\":0.5}", "line 2: after: expected numbers of rows, from 0, found 0.5"},
		{".parquet", parquetFile(t), `row 1: s: expected numbers of rows, from 0, as in 0 1, found "a"`},
		{".txt", "", "expected a name that ends in"},
	} {
		field := "after"
		if tc.ending == ".parquet" {
			field = "s"
		}
		if _, _, err := linked(tc.text, tc.ending, s, field); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q: found %v, expected %s", tc.text, err, tc.want)
		}
	}
}
