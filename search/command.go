package search

import (
	"maps"
	"slices"
	"strings"

	"github.com/rushnet/rush/internal/envname"
	"github.com/rushnet/rush/plugins/command"
)

// words reads a list of arguments. Numbers are taken as they are written.
func (d *draft) words(n *node) []string {
	if n.kind != list {
		hint := ""
		if text, ok := n.value.(string); ok {
			hint = "; write [" + strings.Join(strings.Fields(text), ", ") + "]"
		}
		d.wrong(n, "expected a list of the program and its arguments, such as [python3, train.py], found %s%s", n.found(), hint)
		return nil
	}
	words := make([]string, len(n.items))
	for i, item := range n.items {
		words[i] = d.word(item)
	}
	return words
}

func (d *draft) word(n *node) string {
	switch {
	case n.kind == mapping && n.text == "" && len(n.fields) == 1 && n.fields[0].value.value == nil:
		d.wrong(n, `expected a text, found a map; a placeholder has to be in quotes: "{{%s}}"`, strings.Trim(n.fields[0].name, "{}"))
	case n.kind != scalar || n.value == nil:
		d.wrong(n, "expected a text, found %s", n.found())
	}
	return n.text
}

func (d *draft) commandDir(n *node) *command.Dir {
	dir := new(command.Dir)
	d.fields(n, `{path: "runs/{{rush.task}}"}`,
		entry{"path", func(n *node) { dir.Path, _ = d.text(n, "a path") }},
		entry{"keep", func(n *node) {
			keep, _ := d.choice(n, string(command.KeepAlways), string(command.KeepFailed), string(command.KeepNever))
			dir.Keep = command.Keep(keep)
		}},
	)
	return dir
}

func (d *draft) commandEnv(n *node) map[string]string {
	if !d.isMapping(n, "{OMP_NUM_THREADS: 1}") || len(n.fields) == 0 {
		return nil
	}
	env := make(map[string]string, len(n.fields))
	for _, f := range n.fields {
		if err := envname.Form(f.name); err != nil {
			d.wrong(f.value, "%v", err)
		}
		env[f.name] = d.word(f.value)
	}
	return env
}

// commandTemplates reads one template or a list of them.
func (d *draft) commandTemplates(n *node) command.Templates {
	items := n.items
	if n.kind != list {
		items = []*node{n}
	}
	if len(items) == 0 {
		return nil
	}
	templates := make(command.Templates, len(items))
	for i, item := range items {
		t := &templates[i]
		d.fields(item, "{in: input.tmpl, out: input.txt}",
			entry{"in", func(n *node) { t.In, _ = d.text(n, "the name of a file") }},
			entry{"out", func(n *node) { t.Out, _ = d.text(n, "the name of a file") }},
		)
	}
	return templates
}

func (d *draft) commandAnswer(n *node) *command.Answer {
	answer := new(command.Answer)
	d.fields(n, "{file: out.json} or {regex: {y: 'y = (\\S+)'}}",
		entry{"file", func(n *node) { answer.File, _ = d.text(n, "the name of a file") }},
		entry{"regex", func(n *node) {
			if !d.isMapping(n, `{y: 'y = (\S+)'}`) {
				return
			}
			answer.Regex = make(map[string]string, len(n.fields))
			for _, f := range n.fields {
				answer.Regex[f.name], _ = d.text(f.value, "a regular expression")
			}
		}},
	)
	return answer
}

// blameCommand adds what package command found, at the field that it names.
func (d *draft) blameCommand(err error) {
	n := d.root.get("objective")
	message := strings.TrimPrefix(err.Error(), "command: ")
	first, rest, _ := strings.Cut(message, ": ")
	word, _, _ := strings.Cut(first, " ")
	for _, part := range []*node{n.get(first), n.get(word), n.get("command")} {
		if part == nil {
			continue
		}
		if part.path == n.path+"."+first {
			message = rest
		}
		d.wrong(part, "%s", message)
		return
	}
}

func (d *Definition) command(b Build) (*command.Objective, error) {
	return command.New(*d.Objective.Command, d.Dir, d.Codomain, &command.Options{
		Parameters: d.Inputs(), Constants: slices.Sorted(maps.Keys(d.Constants)), Workers: b.Workers, Grace: b.Grace,
		Optional: d.optional(),
	})
}

// optional returns the parameters that points may lack.
func (d *Definition) optional() []string {
	var names []string
	for _, p := range d.Space.Params() {
		if p.Depends != "" {
			names = append(names, p.Name)
		}
	}
	return names
}
