package main

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
)

const (
	pixels  = 64 // 8 rows of 8
	classes = 10
	black   = 16 // pixels go from 0, white, to 16
)

// A dataset is a list of images, pixel by pixel, and the digit that each shows.
type dataset struct {
	images [][]float64
	digits []int
}

func (d dataset) len() int { return len(d.digits) }

// openDigits reads a gzip-compressed CSV file without a header, a line for each
// image: 64 pixels, then the digit.
func openDigits(path string) (dataset, error) {
	f, err := os.Open(path)
	if err != nil {
		return dataset{}, fmt.Errorf("data: %w", err)
	}
	defer f.Close()
	d, err := readDigits(f)
	if err != nil {
		return dataset{}, fmt.Errorf("data: read %s: %w", path, err)
	}
	return d, nil
}

func readDigits(compressed io.Reader) (dataset, error) {
	text, err := gzip.NewReader(compressed)
	if err != nil {
		return dataset{}, err
	}
	lines := csv.NewReader(text)
	lines.FieldsPerRecord = pixels + 1
	lines.ReuseRecord = true
	var d dataset
	for {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return d, nil
		}
		if err != nil {
			return dataset{}, err
		}
		if err := d.add(fields); err != nil {
			line, _ := lines.FieldPos(0)
			return dataset{}, fmt.Errorf("line %d: %w", line, err)
		}
	}
}

func (d *dataset) add(fields []string) error {
	image := make([]float64, pixels)
	for i := range image {
		v, err := strconv.ParseFloat(fields[i], 64)
		if err != nil || !(v >= 0 && v <= black) {
			return fmt.Errorf("pixel %d: expected a number from 0 to %d, found %q", i+1, black, fields[i])
		}
		image[i] = v
	}
	digit, err := strconv.Atoi(fields[pixels])
	if err != nil || digit < 0 || digit >= classes {
		return fmt.Errorf("expected a digit in the last column, found %q", fields[pixels])
	}
	d.images = append(d.images, image)
	d.digits = append(d.digits, digit)
	return nil
}

// subset returns the images with these indices; they are shared, not copied.
func (d dataset) subset(indices []int) dataset {
	var s dataset
	for _, i := range indices {
		s.images = append(s.images, d.images[i])
		s.digits = append(s.digits, d.digits[i])
	}
	return s
}
