package command

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/process"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/loops"
)

// maxAnswer is the most that is kept of what a process prints: of all of it for
// regular expressions, of one line otherwise.
const maxAnswer = 64 << 20

// An answer knows how to take the outputs from what a process leaves.
type answer struct {
	file   text // empty for stdout
	regex  []pattern
	single string // the codomain's only name, for a number alone; ""
}

// A pattern finds one output.
type pattern struct {
	name     string
	regex    *regexp.Regexp
	required bool
}

func (o *Objective) setAnswer(spec *Answer, codomain loops.Codomain) error {
	if len(codomain) == 1 {
		o.answer.single = codomain[0].Name
	}
	if spec == nil {
		return nil
	}
	o.answer.file = parseText(spec.File)
	if spec.File == "" && len(spec.Regex) == 0 {
		return errors.New("answer: it is empty; expected {file: NAME} or {regex: {OUTPUT: EXPRESSION}}")
	}
	if len(spec.Regex) == 0 {
		return nil
	}
	for _, target := range codomain {
		if _, ok := spec.Regex[target.Name]; !ok {
			return fmt.Errorf("answer: regex: there is no expression for %s, which the codomain names", target.Name)
		}
	}
	for _, name := range sortedNames(spec.Regex) {
		p, err := compile(name, spec.Regex[name])
		if err != nil {
			return fmt.Errorf("answer: regex: %w", err)
		}
		p.required = len(codomain) == 0 || codomain.Has(name)
		o.answer.regex = append(o.answer.regex, p)
	}
	return nil
}

func compile(name, expression string) (pattern, error) {
	re, err := regexp.Compile("(?m)" + expression)
	if err != nil {
		_, err = regexp.Compile(expression) // whose message has no (?m)
		return pattern{}, fmt.Errorf("%s: %w", name, err)
	}
	if n := re.NumSubexp(); n != 1 {
		return pattern{}, fmt.Errorf("%s: %s has %d groups; expected one pair of parentheses, around the value ((?:...) does not count)", name, expression, n)
	}
	return pattern{name: name, regex: re}, nil
}

// read reads stdout to its end and returns what is needed of it.
func (a *answer) read(stdout io.Reader) ([]byte, error) {
	switch {
	case a.file.source != "":
		_, err := io.Copy(io.Discard, stdout)
		return nil, err
	case len(a.regex) > 0:
		return process.ReadAll(stdout, maxAnswer)
	}
	var last []byte
	err := process.Lines(stdout, maxAnswer, func(line []byte) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			last = append(last[:0], line...)
		}
	})
	return last, err
}

// values returns the outputs. stdout is what read returned, file the answer's
// file, if there is to be one.
func (a *answer) values(stdout []byte, file string) (rush.Values, error) {
	found, where := stdout, "stdout"
	if file != "" {
		var err error
		if found, err = readFile(file); err != nil {
			return nil, err
		}
		where = file
	}
	if len(a.regex) > 0 {
		return match(a.regex, found, where)
	}
	if found = bytes.TrimSpace(found); len(found) == 0 {
		return nil, fmt.Errorf("there is no answer: %s is empty; expected %s", where, a.expected())
	}
	v, err := a.parse(found)
	if err != nil && file == "" {
		where = "the last line of stdout"
	}
	if err != nil {
		return nil, fmt.Errorf("%s is no answer: expected %s, found %s: %w", where, a.expected(), excerpt(found), err)
	}
	return v, nil
}

func (a *answer) expected() string {
	if a.single != "" {
		return "a JSON object or a number"
	}
	return "a JSON object"
}

// parse reads an object, or a number alone.
func (a *answer) parse(b []byte) (rush.Values, error) {
	values, err := wire.ParseJSONObject(b)
	if err == nil {
		return values, nil
	}
	if a.single != "" {
		if n, ok := parseNumber(string(b)); ok {
			return rush.Values{a.single: n}, nil
		}
	}
	if bytes.HasPrefix(b, []byte("{'")) {
		err = errors.New("JSON has double quotes (in Python, print(json.dumps(...)))")
	}
	return nil, err
}

func match(patterns []pattern, b []byte, where string) (rush.Values, error) {
	values := make(rush.Values, len(patterns))
	for _, p := range patterns {
		value, ok := p.last(b)
		switch {
		case ok:
			values[p.name] = value
		case p.required:
			return nil, fmt.Errorf("there is no answer: %s matches nothing on %s, which ends with %s", p.regex.String()[len("(?m)"):], where, excerptEnd(b))
		}
	}
	return values, nil
}

// last returns the value of the last match whose group took part in it.
func (p pattern) last(b []byte) (any, bool) {
	matches := p.regex.FindAllSubmatchIndex(b, -1)
	for i := len(matches) - 1; i >= 0; i-- {
		from, to := matches[i][2], matches[i][3]
		if from < 0 {
			continue
		}
		found := string(b[from:to])
		if n, ok := parseNumber(found); ok {
			return n, true
		}
		return found, true
	}
	return nil, false
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no answer: the process did not write %s", path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	defer f.Close()
	b, err := process.ReadAll(f, maxAnswer)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %s: %w", path, err)
	}
	return b, nil
}
