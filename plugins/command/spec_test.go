//go:build unix

package command_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush/plugins/command"
)

const full = `
command: [python3, sim.py, "--x={{x1}}"]
dir: {path: "runs/{{rush.task}}", keep: failed}
env: {LEVEL: "3", NAME: "{{x1}}"}
template: {in: input.tmpl, out: input.dat}
answer: {file: out.log, regex: {y: 'energy = (\S+)'}}
`

func TestASpecInYAMLAndJSON(t *testing.T) {
	t.Parallel()
	want := command.Spec{
		Command:  []string{"python3", "sim.py", "--x={{x1}}"},
		Dir:      &command.Dir{Path: "runs/{{rush.task}}", Keep: command.KeepFailed},
		Env:      map[string]string{"LEVEL": "3", "NAME": "{{x1}}"},
		Template: command.Templates{{In: "input.tmpl", Out: "input.dat"}},
		Answer:   &command.Answer{File: "out.log", Regex: map[string]string{"y": `energy = (\S+)`}},
	}
	list := strings.Replace(full, "{in: input.tmpl, out: input.dat}", "[{in: input.tmpl, out: input.dat}]", 1)
	for _, source := range []string{full, list} {
		var got command.Spec
		if err := yaml.NewDecoder(strings.NewReader(source), yaml.Strict()).Decode(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("YAML (-want +got):\n%s", diff)
		}
		asJSON, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var back command.Spec
		if err := json.Unmarshal(asJSON, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, back); diff != "" {
			t.Errorf("JSON (-want +got):\n%s", diff)
		}
	}
	var one command.Templates
	if err := json.Unmarshal([]byte(`{"in": "a", "out": "b"}`), &one); err != nil || !cmp.Equal(one, command.Templates{{In: "a", Out: "b"}}) {
		t.Errorf("one template in JSON: got %v, %v", one, err)
	}
}

func TestAMisspelledTemplateIsRefused(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"template: {inn: a, out: b}", "template: [{in: a, oout: b}]"} {
		var spec command.Spec
		err := yaml.NewDecoder(strings.NewReader(source), yaml.Strict()).Decode(&spec)
		checkError(t, err, "unknown field")
	}
	for _, source := range []string{`{"inn": "a"}`, `[{"oout": "b"}]`} {
		var templates command.Templates
		checkError(t, json.Unmarshal([]byte(source), &templates), "unknown field")
	}
}
