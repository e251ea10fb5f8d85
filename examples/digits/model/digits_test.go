package main

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

const dataFile = "../digits.csv.gz"

func loadDigits(t *testing.T) dataset {
	t.Helper()
	d, err := openDigits(dataFile)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The numbers are those that the data set's authors give for their test part.
func TestTheDataFileHoldsTheWholeTestPart(t *testing.T) {
	t.Parallel()
	d := loadDigits(t)
	if len(d.images) != 1797 || len(d.digits) != 1797 {
		t.Errorf("found %d images and %d digits, expected 1797 of each", len(d.images), len(d.digits))
	}
	var count [classes]int
	for _, c := range d.digits {
		count[c]++
	}
	if want := [classes]int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}; count != want {
		t.Errorf("found %v images of the digits, expected %v", count, want)
	}
}

func TestReadDigitsSaysWhatIsWrongWithALine(t *testing.T) {
	t.Parallel()
	good := strings.Repeat("0,", pixels) + "3\n"
	for name, c := range map[string]struct{ line, want string }{
		"a pixel out of range": {strings.Repeat("17,", pixels) + "3", `line 2: pixel 1: expected a number from 0 to 16, found "17"`},
		"a pixel that is none": {strings.Repeat("NaN,", pixels) + "3", `line 2: pixel 1: expected a number from 0 to 16, found "NaN"`},
		"a class that is none": {strings.Repeat("0,", pixels) + "10", `line 2: expected a digit in the last column, found "10"`},
		"a pixel too few":      {strings.Repeat("0,", pixels-1) + "3", "line 2: wrong number of fields"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := readDigits(compress(t, good+c.line))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got the error %v, expected one with %q", err, c.want)
			}
		})
	}
}

func compress(t *testing.T, text string) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}
