package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// A point is what the search file varies, and what it holds constant.
type point struct {
	// From the space.
	hidden       int     // units in the hidden layer
	learningRate float64 // of Adam
	alpha        float64 // weight of the L2 penalty
	batchSize    int     // images for each step of Adam
	activation   string  // a key of activations
	standardize  bool    // scale each pixel to mean 0 and variance 1, or else to 0..1

	// From the constants.
	data   string // path of the data file
	folds  int    // of the cross-validation
	epochs int    // passes over the training images
}

// readPoint reads a point from a JSON object. Fields that it does not know are
// no mistake: a search file may have constants for others. The error tells all
// that is wrong at once.
func readPoint(in io.Reader) (point, error) {
	var o object
	if err := json.NewDecoder(in).Decode(&o.fields); err != nil {
		return point{}, fmt.Errorf("expected a JSON object with the point on stdin: %w", err)
	}
	p := point{
		hidden:       read[int](&o, "hidden", "an integer"),
		learningRate: read[float64](&o, "learning_rate", "a number"),
		alpha:        read[float64](&o, "alpha", "a number"),
		batchSize:    read[int](&o, "batch_size", "an integer"),
		activation:   read[string](&o, "activation", "a string"),
		standardize:  read[bool](&o, "standardize", "true or false"),
		data:         read[string](&o, "data", "the path of digits.csv.gz"),
		folds:        read[int](&o, "folds", "an integer"),
		epochs:       read[int](&o, "epochs", "an integer"),
	}
	if err := errors.Join(o.errs...); err != nil {
		return point{}, err
	}
	return p, p.check()
}

func (p point) check() error {
	var errs []error
	want := func(ok bool, name, expected string, found any) {
		if !ok {
			errs = append(errs, fmt.Errorf("%s: expected %s, found %v", name, expected, found))
		}
	}
	_, known := activations[p.activation]
	want(p.hidden >= 1, "hidden", "at least 1", p.hidden)
	want(p.learningRate > 0 && !math.IsInf(p.learningRate, 1), "learning_rate", "a number above 0", p.learningRate)
	want(p.alpha >= 0, "alpha", "a number from 0 on", p.alpha)
	want(p.batchSize >= 1, "batch_size", "at least 1", p.batchSize)
	want(known, "activation", "relu, tanh or logistic", p.activation)
	want(p.folds >= 2, "folds", "at least 2", p.folds)
	want(p.epochs >= 1, "epochs", "at least 1", p.epochs)
	return errors.Join(errs...)
}

// An object is a JSON object being read, and what was wrong with it so far.
type object struct {
	fields map[string]json.RawMessage
	errs   []error
}

// read returns the field with that name. Null and no field at all are the same.
func read[T any](o *object, name, expected string) T {
	var value T
	raw, ok := o.fields[name]
	if !ok || string(raw) == "null" {
		o.errs = append(o.errs, fmt.Errorf("%s: expected %s, found nothing", name, expected))
		return value
	}
	if json.Unmarshal(raw, &value) != nil {
		o.errs = append(o.errs, fmt.Errorf("%s: expected %s, found %s", name, expected, raw))
	}
	return value
}
