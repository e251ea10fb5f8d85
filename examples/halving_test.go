package examples_test

import "testing"

// Promoted trainings go on where they were, so that no epoch is trained twice, and in
// all it is a fraction of what a random search would spend.
func TestSuccessiveHalvingTrainsOn(t *testing.T) {
	for _, file := range []string{"halving/search.yaml", "jsonlines/sgd.yaml"} {
		t.Run(file, func(t *testing.T) { testHalving(t, file) })
	}
}

func testHalving(t *testing.T, file string) {
	u := newUser(t)
	if s := u.search(file); s.Finished != 60 {
		t.Fatalf("%d tasks finished, expected 60", s.Finished)
	}
	tasks := u.export()
	spent, promoted, again := 0.0, 0, 0
	for i := range tasks["number"] {
		epochs, trained := number(t, tasks["epochs"][i]), number(t, tasks["trained"][i])
		want := epochs
		if tasks["from"][i] != "" {
			want = epochs - epochs/3
			promoted++
		}
		if spent += trained; trained == epochs && want < epochs {
			again++ // two workers promoted the same task, and the second found no checkpoint any more
		} else if trained != want {
			t.Errorf("task %s, of %v epochs, trained %v, expected %v", tasks["number"][i], epochs, trained, want)
		}
	}
	if again > 3 {
		t.Errorf("%d promoted tasks began at the beginning", again)
	}
	if promoted < 15 || spent > 60*81/4 {
		t.Errorf("%d tasks were promoted, and %v epochs trained", promoted, spent)
	}
}
