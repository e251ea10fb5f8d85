package process_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush/internal/process"
)

func TestLines(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	for _, tc := range []struct {
		name, in string
		limit    int
		want     []string
		tooLong  bool
	}{
		{"nothing", "", 0, nil, false},
		{"ends of line of both kinds", "a\n\nb\r\nc\n", 0, []string{"a", "", "b", "c"}, false},
		{"the last line without its end", "a\nb", 0, []string{"a", "b"}, false},
		{"a long line between short ones", "a\n" + long + "\nb\n", 0, []string{"a", long, "b"}, false},
		{"a line at the limit", "abc\r\nd\n", 3, []string{"abc", "d"}, false},
		{"a line over the limit", "abc\nabcd\nd\n", 3, []string{"abc"}, true},
		{"a long line over the limit", long, 1 << 19, nil, true},
		{"a long line at the limit", long + "\r\n", 1 << 20, []string{long}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			err := process.Lines(iotest.HalfReader(strings.NewReader(tc.in)), tc.limit, func(line []byte) { got = append(got, string(line)) })
			if tc.tooLong != errors.Is(err, process.ErrTooLong) || !tc.tooLong && err != nil {
				t.Errorf("got error %v, want one about the length: %v", err, tc.tooLong)
			}
			if !cmp.Equal(tc.want, got) {
				t.Errorf("got %.100q, want %.100q", got, tc.want)
			}
		})
	}
}

func TestLinesReturnsTheReadersError(t *testing.T) {
	t.Parallel()
	var got []string
	r := io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(errors.New("torn")))
	err := process.Lines(r, 0, func(line []byte) { got = append(got, string(line)) })
	if fmt.Sprint(err) != "torn" || !cmp.Equal(got, []string{"a", "b"}) {
		t.Errorf("got %q and error %v", got, err)
	}
}

func TestReadAllStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	if b, err := process.ReadAll(strings.NewReader("abcd"), 4); string(b) != "abcd" || err != nil {
		t.Errorf("at the limit: got %q, %v", b, err)
	}
	if b, err := process.ReadAll(strings.NewReader("abcde"), 4); string(b) != "abcd" || !errors.Is(err, process.ErrTooLong) {
		t.Errorf("over the limit: got %q, %v", b, err)
	}
}

func TestTailKeepsTheLast(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		writes []string
		want   string
	}{
		{"nothing", nil, ""},
		{"less", []string{"ab", "c\n"}, "abc"},
		{"more in one", []string{"abcdefghij"}, "cdefghij"},
		{"more in many", strings.Split("abcdefghijklmnopqrstuvwxyz", ""), "stuvwxyz"},
		{"a lot after a little", []string{"abc", strings.Repeat("x", 100) + "end"}, "xxxxxend"},
		{"half a character", []string{"äbcdefgh"}, "bcdefgh"},
		{"no character", []string{"a\xffb"}, "a\ufffdb"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tail := process.NewTail(8)
			for _, w := range tc.writes {
				if n, err := tail.Write([]byte(w)); n != len(w) || err != nil {
					t.Fatalf("Write(%q): got %d, %v", w, n, err)
				}
			}
			if got := tail.String(); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
