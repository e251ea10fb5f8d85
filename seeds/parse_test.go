package seeds_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/rushnet/rush/seeds"
	"pgregory.net/rapid"
)

func TestParseSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		integers []int64
		message  string
	}{
		"no integers":                      {nil, "expected 7 integers (10407 and six words), found 0"},
		"a word is missing":                {[]int64{10407, 1, 2, 3, 4, 5}, "found 6"},
		"the kind is that of R before 3.6": {[]int64{407, 1, 2, 3, 4, 5, 6}, "the first integer is 407, expected 10407"},
		"the kind is Mersenne-Twister":     {[]int64{10403, 1, 2, 3, 4, 5, 6}, "expected 10407"},
		"a word has no sign":               {[]int64{10407, 1, 2, 4294967086, 4, 5, 6}, "integer 4 of 7 is 4294967086"},
		"a word is too low":                {[]int64{10407, 1, 2, 3, 4, 5, -2147483649}, "integer 7 of 7 is -2147483649"},
		"the first modulus":                {[]int64{10407, 1, -209, 3, 4, 5, 6}, "first component is 4294967087"},
		"the second modulus":               {[]int64{10407, 1, 2, 3, 4, 5, -22853}, "second component is 4294944443"},
		"zeros in the first":               {[]int64{10407, 0, 0, 0, 4, 5, 6}, "first component are all 0"},
		"zeros in the second":              {[]int64{10407, 1, 2, 3, 0, 0, 0}, "second component are all 0"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s, err := seeds.Parse(c.integers)
			if !errors.Is(err, seeds.ErrStream) || !strings.Contains(err.Error(), c.message) {
				t.Errorf("the error is %q, want ErrStream with %q", err, c.message)
			}
			if s != (seeds.Stream{}) {
				t.Errorf("the stream is %v, want the zero value", s)
			}
		})
	}
}

func TestParseAcceptsTheGreatestWords(t *testing.T) {
	t.Parallel()
	want := seeds.Stream{10407, -210, 0, 0, 0, 0, -22854}
	if got, err := seeds.Parse(want[:]); err != nil || got != want {
		t.Errorf("Parse = %v, %v, want %v", got, err, want)
	}
}

func TestParseStringNamesTheFieldThatIsNoInteger(t *testing.T) {
	t.Parallel()
	for text, message := range map[string]string{
		"":                      `"" in place 1`,
		"10407,1,2,x,4,5,6":     `"x" in place 4`,
		"10407,1,2,3.5,4,5,6":   `"3.5" in place 4`,
		"10407,1,2,3,4,5,6,":    `"" in place 8`,
		"10407,1,2,3,4,5,6,7":   "found 8",
		"10407 1 2 3 4 5 6":     "in place 1",
		"10407,1,2,3,4,5,NA":    `"NA" in place 7`,
		"10407,1,2,3,4,5,99e99": "in place 7",
	} {
		if _, err := seeds.ParseString(text); !errors.Is(err, seeds.ErrStream) || !strings.Contains(err.Error(), message) {
			t.Errorf("ParseString(%q): the error is %q, want ErrStream with %q", text, err, message)
		}
	}
}

func TestAStreamIsReadFromWhatItWrites(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anyStream().Draw(t, "stream")
		if got, err := seeds.ParseString(s.String()); err != nil || got != s {
			t.Fatalf("ParseString(%q) = %v, %v", s.String(), got, err)
		}
		text, err := json.Marshal(s)
		if want := "[" + s.String() + "]"; err != nil || string(text) != want {
			t.Fatalf("in JSON it is %s, %v, want %s", text, err, want)
		}
		if got := s.Generator().Stream(); got != s {
			t.Fatalf("its generator begins at %v, want %v", got, s)
		}
	})
}

func FuzzParseString(f *testing.F) {
	f.Add("10407,-2133391687,507561766,1260545903,1362917092,-1772566379,-1344458670")
	f.Add(" 10407 , 1,2,3,\t4,5,+6")
	f.Add("10407,0,0,0,1,2,3")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := seeds.ParseString(text)
		if err != nil {
			if !errors.Is(err, seeds.ErrStream) {
				t.Fatalf("ParseString(%q): %v is not ErrStream", text, err)
			}
			return
		}
		if err := s.Check(); err != nil {
			t.Fatalf("ParseString(%q) let pass: %v", text, err)
		}
		if again, err := seeds.ParseString(s.String()); err != nil || again != s {
			t.Fatalf("ParseString(%q) = %v, but %q gives %v, %v", text, s, s.String(), again, err)
		}
	})
}
