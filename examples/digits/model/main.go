// Command model scores one setting of a neural network that reads handwritten
// digits. It is train.py in Go: the same parameters, the same network, the same
// folds, and nothing to install.
//
// rush starts it once for each point. The point and the constants of the search
// file arrive on stdin as one JSON object; the answer is one line on stdout, one
// JSON object too. A mistake is a message on stderr and exit code 1, which makes
// the point a failed task. To try it by hand, in the directory above:
//
//	echo '{"hidden": 32, "learning_rate": 0.01, "alpha": 0.001, "batch_size": 32,
//	       "activation": "relu", "standardize": false,
//	       "data": "digits.csv.gz", "folds": 3, "epochs": 60}' | go run ./model
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"time"
)

func main() {
	if err := run(os.Stdin, os.Stdout, os.Getenv("RUSH_SEED")); err != nil {
		fmt.Fprintln(os.Stderr, "model:", err)
		os.Exit(1)
	}
}

// An answer is what the program says about a point. The search maximizes the
// accuracy; the rest is kept with the task as extras.
type answer struct {
	Accuracy   float64 `json:"accuracy"`    // share of digits read right, mean over the folds
	AccuracySD float64 `json:"accuracy_sd"` // its standard deviation over the folds
	LogLoss    float64 `json:"log_loss"`    // mean of -log of the right digit's probability
	Seconds    float64 `json:"seconds"`     // all of the evaluation, wall clock
}

// run reads a point, scores it and writes the answer. The seed belongs to the
// task, so that a repeated run repeats its results; by hand it may be "".
func run(in io.Reader, out io.Writer, seed string) error {
	began := time.Now()
	p, err := readPoint(in)
	if err != nil {
		return err
	}
	s, err := readSeed(seed)
	if err != nil {
		return err
	}
	digits, err := openDigits(p.data)
	if err != nil {
		return err
	}
	sc, err := crossValidate(digits, p, s)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(answer{
		Accuracy:   round(sc.accuracy),
		AccuracySD: round(sc.accuracySD),
		LogLoss:    round(sc.logLoss),
		Seconds:    round(time.Since(began).Seconds()),
	})
}

func readSeed(s string) (uint64, error) {
	if s == "" {
		return 0, nil
	}
	seed, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("RUSH_SEED: expected an integer from 0 on, found %q", s)
	}
	return seed, nil
}

// round keeps six decimals: more would be noise in a table.
func round(x float64) float64 { return math.Round(x*1e6) / 1e6 }
