package examples_test

import "testing"

// Trainings that report each epoch stop early as the search file says, and what
// they had then is their result.
func TestTrainingsStopEarly(t *testing.T) {
	u := newUser(t)
	_, tasks := u.loop("descent", 40)
	stopped := 0
	for i, at := range tasks["stopped_at"] {
		done := number(t, tasks["epochs_done"][i])
		switch {
		case at == "" && done != 30:
			t.Errorf("task %s did %v epochs, expected all 30", tasks["number"][i], done)
		case at != "" && (number(t, at) != done || done < 5):
			t.Errorf("task %s stopped at %s and did %v epochs, expected 5 or more", tasks["number"][i], at, done)
		case at != "":
			stopped++
		}
	}
	if stopped == 0 || stopped == 40 {
		t.Errorf("%d of 40 trainings stopped early", stopped)
	}
}
