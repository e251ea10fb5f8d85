package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

// printOffer prints what a program has, for people, in at most pageWidth columns
// where words allow it.
func (a *app) printOffer(o offer) {
	a.printf("%s\n", o.title())
	if len(o.Objectives)+len(o.Loops) == 0 {
		a.printf("\n  no objective and no loop\n")
	}
	a.printDeclared("objective", o, o.Objectives, objectiveRows)
	a.printDeclared("loop", o, o.Loops, loopRows)
}

// printDeclared prints objectives or loops, each with what rows makes of it.
func (a *app) printDeclared(kind string, o offer, declared []loops.Declaration, rows func(*loops.Declaration) [][]string) {
	if len(declared) == 0 {
		return
	}
	a.printf("\n%ss, as in   %s\n", kind, o.example(kind, declared[0].Name))
	for _, d := range declared {
		a.printf("\n%s", columns("  ", []int{16}, []string{printable(d.Name), printable(d.Help)}))
		lines := rows(&d)
		widths := widthsOf(lines)
		for _, row := range lines {
			a.printf("%s", columns("      ", widths, row))
		}
	}
}

// objectiveRows are an objective's inputs, those of one kind that follow each other
// together unless there is more to say of them, and its outputs.
func objectiveRows(d *loops.Declaration) [][]string {
	var rows [][]string
	if d.Arguments == nil {
		rows = append(rows, []string{"takes", "anything: it does not say what"})
	}
	for i := 0; i < len(d.Arguments); {
		a, j := &d.Arguments[i], i
		for a.Help == "" && j+1 < len(d.Arguments) && d.Arguments[j+1].Help == "" && inputKind(&d.Arguments[j+1]) == inputKind(a) {
			j++
		}
		names := printable(a.Name)
		switch {
		case j == i+1:
			names += ", " + printable(d.Arguments[j].Name)
		case j > i:
			names += ", ..., " + printable(d.Arguments[j].Name)
		}
		rows = append(rows, []string{names, inputKind(a), printable(a.Help)})
		i = j + 1
	}
	if d.Outputs != nil {
		rows = append(rows, []string{"returns", printable(strings.Join(d.Outputs, ", "))})
	}
	return rows
}

// inputKind is kindOf with whether the input may be missing.
func inputKind(a *loops.Argument) string {
	if a.Required {
		return kindOf(a)
	}
	return kindOf(a) + ", may be missing"
}

// loopRows are a loop's arguments.
func loopRows(d *loops.Declaration) [][]string {
	if d.Arguments == nil {
		return [][]string{{"takes", "any arguments: it does not say which"}}
	}
	var rows [][]string
	for _, a := range d.Arguments {
		kind, help := kindOf(&a), printable(a.Help)
		if len(kind) > widestKind && len(a.Choices) > 0 { // where words are wrapped
			kind, help = string(a.Type), printable(strings.Join(a.Choices, ", "))+": "+help
		}
		rows = append(rows, []string{printable(a.Name), kind, defaultText(&a), help})
	}
	return rows
}

// widestKind is how wide a type with its choices may be.
const widestKind = 36

// kindOf is an argument's type and range: "dbl from 0 to 1".
func kindOf(a *loops.Argument) string {
	s := string(a.Type)
	if len(a.Choices) > 0 {
		return s + " " + printable(strings.Join(a.Choices, "|"))
	}
	return strings.TrimSpace(s + " " + rangeText(a.Range))
}

func rangeText(r loops.Range) string {
	switch {
	case r == loops.Range{}:
		return ""
	case math.IsInf(r.Upper, 1):
		return "from " + bound(r.Lower)
	case math.IsInf(r.Lower, -1):
		return "to " + bound(r.Upper)
	}
	return fmt.Sprintf("from %s to %s", bound(r.Lower), bound(r.Upper))
}

// bound writes an integer with all its digits.
func bound(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return fmt.Sprint(x)
}

func defaultText(a *loops.Argument) string {
	switch {
	case a.Required:
		return "needed"
	case a.Default == nil:
		return "optional"
	}
	return "default " + printable(cell(a.Default))
}

// example is how a search file names an objective or a loop of the program.
func (o *offer) example(kind, name string) string {
	switch {
	case o.lines:
		return fmt.Sprintf("loop: {command: [%s]}", printable(strings.ReplaceAll(o.program, " ", ", ")))
	case o.program != "":
		words := strings.ReplaceAll(o.program, " ", ", ")
		return fmt.Sprintf("%s: {plugin: [%s], name: %s}", kind, printable(words), printable(name))
	case kind == "loop":
		return "loop: {name: " + name + "}"
	}
	return "objective: {builtin: " + name + "}"
}

// An offerLine is an offer as --json prints it.
type offerLine struct {
	Program    string            `json:"program,omitempty"` // none: built in
	Version    string            `json:"version,omitempty"`
	Language   string            `json:"language,omitempty"`
	Worker     bool              `json:"worker"`
	Objectives []declarationLine `json:"objectives"`
	Loops      []declarationLine `json:"loops"`
}

// A declarationLine has no arguments, or outputs, if nothing is said of them.
type declarationLine struct {
	Name      string         `json:"name"`
	Help      string         `json:"help,omitempty"`
	Arguments []argumentLine `json:"arguments,omitzero"`
	Outputs   []string       `json:"outputs,omitzero"`
}

type argumentLine struct {
	Name     string             `json:"name"`
	Type     loops.ArgumentType `json:"type"`
	Required bool               `json:"required"`
	Default  any                `json:"default,omitempty"`
	Lower    *float64           `json:"lower,omitempty"`
	Upper    *float64           `json:"upper,omitempty"`
	Choices  []string           `json:"choices,omitempty"`
	Help     string             `json:"help,omitempty"`
}

func offersJSON(offers []offer) []offerLine {
	lines := make([]offerLine, len(offers))
	for i, o := range offers {
		lines[i] = offerLine{o.program, o.Version, o.Language, o.Worker, declarationsJSON(o.Objectives), declarationsJSON(o.Loops)}
	}
	return lines
}

func declarationsJSON(declared []loops.Declaration) []declarationLine {
	lines := make([]declarationLine, len(declared))
	for i, d := range declared {
		lines[i] = declarationLine{Name: d.Name, Help: d.Help, Outputs: d.Outputs}
		if d.Arguments != nil {
			lines[i].Arguments = []argumentLine{}
		}
		for _, a := range d.Arguments {
			lines[i].Arguments = append(lines[i].Arguments, argumentJSON(&a))
		}
	}
	return lines
}

func argumentJSON(a *loops.Argument) argumentLine {
	line := argumentLine{Name: a.Name, Type: a.Type, Required: a.Required, Choices: a.Choices, Help: a.Help}
	if a.Default != nil {
		line.Default = jsonAttrs(rush.Values{"": a.Default})[""]
	}
	bounded := a.Range != loops.Range{}
	if bounded && !math.IsInf(a.Range.Lower, 0) {
		line.Lower = &a.Range.Lower
	}
	if bounded && !math.IsInf(a.Range.Upper, 0) {
		line.Upper = &a.Range.Upper
	}
	return line
}
