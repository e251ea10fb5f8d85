package command

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rushnet/rush/loops"
)

// A Call is what the process of one task is started with. Of a process that is
// kept Stdin is the line that it gets for the task.
type Call struct {
	Program string   // absolute path; "" when its name has placeholders and is yet to be looked for
	Args    []string // the program as it was named, and its arguments
	Dir     string   // where it runs, absolute
	Env     []string // what is added to the inherited environment
	Stdin   []byte
	Files   []File // templates, filled in

	own, made  bool // Dir is the task's own; was made for it
	answerFile string
}

// Call returns what the process of a task would be started with, and touches
// nothing.
func (o *Objective) Call(e *loops.Evaluation) (*Call, error) {
	if o.kept != nil {
		return o.keptCall(e)
	}
	values, err := inputs(e)
	if err != nil {
		return nil, err
	}
	c := &Call{Program: o.program, own: o.ownDir()}
	if c.Stdin, err = stdin(values); err != nil {
		return nil, err
	}
	var known scope
	if c.Env, known, err = variables(values); err != nil {
		return nil, err
	}
	for _, name := range o.optional {
		if _, ok := known[name]; !ok {
			known[name] = ""
		}
	}
	if err := o.place(c, known, e); err != nil {
		return nil, err
	}
	return c, o.fill(c, known)
}

// place finds out where the process runs, and adds the facts to what is known.
func (o *Objective) place(c *Call, known scope, e *loops.Evaluation) error {
	c.Dir = o.base
	all := facts()
	for _, f := range all {
		known[namePrefix+f.name] = f.value(e, o, "")
	}
	if o.ownDir() {
		path, err := o.dir.fill(known)
		if err != nil {
			return fmt.Errorf("dir: %w", err)
		}
		c.Dir = within(o.base, path)
	}
	for _, f := range all {
		value := f.value(e, o, c.Dir)
		known[namePrefix+f.name] = value
		c.Env = append(c.Env, f.variable+"="+value)
	}
	return nil
}

// fill fills in all other texts.
func (o *Objective) fill(c *Call, known scope) error {
	for i, t := range o.command {
		arg, err := t.fill(known)
		if err != nil {
			return fmt.Errorf("argument %d: %w", i, err)
		}
		c.Args = append(c.Args, o.argument(i, arg))
	}
	for _, name := range sortedNames(o.env) {
		value, err := o.env[name].fill(known)
		if err != nil {
			return fmt.Errorf("env: %s: %w", name, err)
		}
		c.Env = append(c.Env, name+"="+value)
	}
	for _, t := range o.templates {
		file, err := t.fill(known, c.Dir)
		if err != nil {
			return err
		}
		c.Files = append(c.Files, file)
	}
	if o.answer.file.source != "" {
		name, err := o.answer.file.fill(known)
		if err != nil {
			return fmt.Errorf("answer: file: %w", err)
		}
		c.answerFile = within(c.Dir, name)
	}
	return c.checkText()
}

// argument makes the name of a file in the search file's directory absolute for a
// process that runs in another.
func (o *Objective) argument(i int, arg string) string {
	if i == 0 || !o.ownDir() || !o.command[i].literal() || arg == "" || filepath.IsAbs(arg) {
		return arg
	}
	path := within(o.base, arg)
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return arg
	}
	return path
}

// checkText refuses what no process can be given.
func (c *Call) checkText() error {
	for i, arg := range c.Args {
		if strings.Contains(arg, "\x00") {
			return fmt.Errorf("argument %d, %q, has a NUL character, which ends every argument", i, arg)
		}
	}
	for _, v := range c.Env {
		if strings.Contains(v, "\x00") {
			return fmt.Errorf("the environment variable %q has a NUL character, which ends every variable", v)
		}
	}
	return nil
}
