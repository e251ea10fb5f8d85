package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const quick = `{"hidden": 32, "learning_rate": 0.01, "alpha": 0.001, "batch_size": 32,
	"activation": %q, "standardize": false, "data": "../digits.csv.gz", "folds": 3, "epochs": 5}`

// ask runs the program on a point and returns its answer without the time.
func ask(t *testing.T, point, seed string) answer {
	t.Helper()
	var out bytes.Buffer
	if err := run(strings.NewReader(point), &out, seed); err != nil {
		t.Fatal(err)
	}
	if strings.Count(out.String(), "\n") != 1 {
		t.Errorf("got %q, expected one line", out.String())
	}
	var a answer
	if err := json.Unmarshal(out.Bytes(), &a); err != nil {
		t.Fatalf("read the answer %q: %v", out.String(), err)
	}
	a.Seconds = 0
	return a
}

func TestTheNetworkLearnsToReadDigits(t *testing.T) {
	t.Parallel()
	for name := range activations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := ask(t, fmt.Sprintf(quick, name), "7")
			if !(a.Accuracy > 0.9 && a.Accuracy <= 1) {
				t.Errorf("got the accuracy %g, expected more than 0.9", a.Accuracy)
			}
			if !(a.LogLoss > 0 && a.LogLoss < 0.5) {
				t.Errorf("got the log loss %g, expected less than 0.5", a.LogLoss)
			}
		})
	}
}

func TestTheSameSeedGivesTheSameScores(t *testing.T) {
	t.Parallel()
	point := fmt.Sprintf(quick, "tanh")
	first := ask(t, point, "7")
	if again := ask(t, point, "7"); again != first {
		t.Errorf("got %+v, then %+v with the same seed", first, again)
	}
	if other := ask(t, point, "8"); other == first {
		t.Errorf("got %+v with two seeds", first)
	}
}

func TestTheProgramSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	good := fmt.Sprintf(quick, "relu")
	for name, c := range map[string]struct{ point, seed, want string }{
		"no JSON":            {"hidden=32", "", "expected a JSON object"},
		"a missing field":    {strings.Replace(good, `"alpha"`, `"alhpa"`, 1), "", "alpha: expected a number, found nothing"},
		"a wrong type":       {strings.Replace(good, `32`, `"many"`, 1), "", `hidden: expected an integer, found "many"`},
		"two mistakes":       {`{"hidden": 1}`, "", "learning_rate: expected a number, found nothing\nalpha: expected"},
		"a wrong activation": {fmt.Sprintf(quick, "softplus"), "", "activation: expected relu, tanh or logistic, found softplus"},
		"no units":           {strings.Replace(good, `32`, `0`, 1), "", "hidden: expected at least 1, found 0"},
		"one fold":           {strings.Replace(good, `"folds": 3`, `"folds": 1`, 1), "", "folds: expected at least 2, found 1"},
		"no data file":       {strings.Replace(good, "digits.csv", "nothing.csv", 1), "", "data: open ../nothing.csv.gz"},
		"a wrong seed":       {good, "-1", `RUSH_SEED: expected an integer from 0 on, found "-1"`},
		"a divergence":       {strings.Replace(good, "0.01", "1e300", 1), "", "fold 1 of 3: training diverged in epoch 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			err := run(strings.NewReader(c.point), &out, c.seed)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got the error %v, expected one with %q", err, c.want)
			}
			if out.Len() > 0 {
				t.Errorf("got the answer %q beside the error", out.String())
			}
		})
	}
}
