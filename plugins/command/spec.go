package command

import (
	"bytes"
	"encoding/json"
)

// A Spec is what a search file says of a command. Its texts, but for regular
// expressions and the names of variables, may hold placeholders.
type Spec struct {
	// Command is the program and its arguments. No shell reads them.
	Command []string `json:"command" yaml:"command"`
	// Keep keeps the process for the next task: it reads a line of JSON for each and
	// answers with one, as docs/json-lines.md says. Dir, Template and Answer do not
	// go with it, nor placeholders for what differs from task to task.
	Keep bool `json:"keep,omitempty" yaml:"keep,omitempty"`
	// SHA256 is the checksum, in hexadecimal, of the file of a program that is kept,
	// or of its script: it is compared before every start. Empty: any.
	SHA256 string `json:"sha256,omitempty" yaml:"sha256,omitempty"`
	// Dir is the directory of each task; nil runs all in the search file's.
	Dir *Dir `json:"dir,omitempty" yaml:"dir,omitempty"`
	// Env are variables beside those of rush itself, which pass on to the process.
	Env map[string]string `json:"env,omitempty" yaml:"env,omitempty"`
	// Template are the files to fill in.
	Template Templates `json:"template,omitempty" yaml:"template,omitempty"`
	// Answer says where the outputs are; nil is the last line of stdout.
	Answer *Answer `json:"answer,omitempty" yaml:"answer,omitempty"`
}

// A Dir asks for a directory per task, which is made, empty, before the process
// starts. One that is there already, from another attempt or another run, is
// renamed PATH.1, or PATH.2 and so on.
type Dir struct {
	// Path names {{rush.task}}, so that no two tasks share it.
	Path string `json:"path" yaml:"path"`
	Keep Keep   `json:"keep,omitempty" yaml:"keep,omitempty"`
}

// A Keep says which tasks' directories are kept once the answer was read.
type Keep string

// The ways to keep directories; "" is KeepAlways.
const (
	KeepAlways Keep = "always"
	KeepFailed Keep = "failed" // of tasks that failed
	KeepNever  Keep = "never"
)

// A Template is a file with placeholders. What is filled in has its permissions.
type Template struct {
	In  string `json:"in" yaml:"in"`   // has no placeholders in its name; read once
	Out string `json:"out" yaml:"out"` // relative to the directory that the process runs in
}

// Templates are any number of templates. In JSON and YAML a single one need not
// be in a list.
type Templates []Template

// An Answer says where the outputs are.
type Answer struct {
	// File is a JSON object, or a number alone, relative to the directory that the
	// process runs in. What is there before is removed first.
	File string `json:"file,omitempty" yaml:"file,omitempty"`
	// Regex has for each output a regular expression (RE2 syntax; ^ and $ match at
	// lines) with one group, whose last match on stdout, or in File if that is
	// given, is the value: a number if it is one (also in Fortran's way, 1.5D-3),
	// else a text. Those without a match are left out, unless the codomain names
	// them, or names nothing.
	Regex map[string]string `json:"regex,omitempty" yaml:"regex,omitempty"`
}

// UnmarshalJSON reads a list of templates, or one alone.
func (t *Templates) UnmarshalJSON(b []byte) error {
	return t.unmarshal(func(into any) error {
		dec := json.NewDecoder(bytes.NewReader(b))
		dec.DisallowUnknownFields()
		return dec.Decode(into)
	})
}

// UnmarshalYAML reads a list of templates, or one alone.
func (t *Templates) UnmarshalYAML(decode func(any) error) error { return t.unmarshal(decode) }

func (t *Templates) unmarshal(decode func(any) error) error {
	var kind any
	if err := decode(&kind); err != nil {
		return err
	}
	if _, ok := kind.([]any); ok {
		return decode((*[]Template)(t))
	}
	var one Template
	if err := decode(&one); err != nil {
		return err
	}
	*t = Templates{one}
	return nil
}
