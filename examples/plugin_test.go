package examples_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// beside copies an example's search file to a directory that has the built
// program beside it, as go build in the example's directory would leave it.
func beside(t *testing.T, example string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(example, "search.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "search.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(bin, example), filepath.Join(dir, example)); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestAnObjectiveOfAProgramOfOnesOwn(t *testing.T) {
	u := newUser(t)
	file := beside(t, "plugin-go")
	if s := u.search(file); s.Finished != 20 || s.Best[0].YS["loss"] > 0.2 {
		t.Errorf("found %+v, expected 20 and a best loss below 0.2", s)
	}
	if epochs := u.export()["epochs"]; len(epochs) != 20 || epochs[0] != "10" {
		t.Errorf("found the epochs %v", epochs)
	}
	for printed, want := range map[string]string{
		u.run("rush", "task", "0"):                                `(?s)    step 1: loss = \d.*    step 10: loss = \d`,
		u.run("rush", "progress", "0"):                            `finished: 10\n`,
		u.run("rush", "plugins", filepath.Join(bin, "plugin-go")): `(?s)train\n +rate +dbl .*max_depth +int .*returns +loss, epochs`,
		u.run("rush", "task", "0", "--json"):                      `"reports": \[\s+\{\s+"step": 1,\s+"ys": \{\s+"loss": 0`,
	} {
		if !regexp.MustCompile(want).MatchString(printed) {
			t.Errorf("expected %s, found\n%s", want, printed)
		}
	}
	u.run("rush", "doctor")
}
