// Package halving tests the training of the example.
package halving

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A trained is what the training prints.
type trained struct {
	Loss    float64 `json:"loss"`
	Trained int     `json:"trained"`
}

func train(t *testing.T, epochs int, from, to string) trained {
	t.Helper()
	c := exec.Command("sh", "train.sh")
	c.Env = append(os.Environ(), "RUSH_X_rate=0.0005", "RUSH_X_momentum=0.9", fmt.Sprintf("RUSH_X_epochs=%d", epochs),
		"RUSH_CHECKPOINT_FROM="+from, "RUSH_CHECKPOINT="+to)
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	var r trained
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	return r
}

// A training in three parts ends where one in a single part does.
func TestATrainingGoesOnFromItsCheckpoint(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, three := filepath.Join(dir, "one"), filepath.Join(dir, "three")
	train(t, 1, "", one)
	if r := train(t, 3, one, three); r.Trained != 2 {
		t.Errorf("%d epochs were trained, expected 2", r.Trained)
	}
	parts, whole := train(t, 9, three, ""), train(t, 9, "", "")
	if parts.Loss != whole.Loss || parts.Trained != 6 || whole.Trained != 9 {
		t.Errorf("%+v in parts, %+v as a whole", parts, whole)
	}
}
