package lines_test

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush/internal/lines"
)

func number(line []byte) (int, error) { return strconv.Atoi(string(line)) }

func TestRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		want       []int
		err        string
	}{
		{"nothing", "", nil, ""},
		{"blank lines are skipped", "\n1\r\n \n2", []int{1, 2}, ""},
		{"a mark at the beginning", "\ufeff1\n", []int{1}, ""},
		{"an error names its line", "1\n\nx\n4\n", nil, "line 3: "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := lines.Read(strings.NewReader(tc.text), number)
			if (err == nil) != (tc.err == "") || err != nil && !strings.HasPrefix(err.Error(), tc.err) {
				t.Fatalf("found the error %v, expected %q", err, tc.err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadReturnsTheReadersError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	got, err := lines.Read(io.MultiReader(strings.NewReader("1\n2"), iotest.ErrReader(broken)), number)
	if !errors.Is(err, broken) || got != nil {
		t.Errorf("found %v and the error %v, expected the reader's", got, err)
	}
}
