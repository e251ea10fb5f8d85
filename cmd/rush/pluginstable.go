package main

import (
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

// printOffer prints what a program has, for people.
func (a *app) printOffer(o offer) error {
	a.printf("%s\n", o.title())
	if len(o.Objectives)+len(o.Loops) == 0 {
		a.printf("\n  no objective and no loop\n")
	}
	if err := a.printObjectives(o); err != nil {
		return err
	}
	return a.printLoops(o)
}

func (a *app) printObjectives(o offer) error {
	if len(o.Objectives) == 0 {
		return nil
	}
	a.printf("\nobjectives, as in   %s\n\n", o.example("objective", o.Objectives[0].Name))
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "  NAME\tINPUTS\tOUTPUTS\tABOUT")
	for _, d := range o.Objectives {
		outputs := "any"
		if d.Outputs != nil {
			outputs = strings.Join(d.Outputs, ", ")
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", printable(d.Name), inputs(d.Arguments), orDash(printable(outputs)), orDash(oneLine(printable(d.Help), 70)))
	}
	return w.Flush()
}

// inputs lists the inputs of an objective; those of one kind that follow each
// other together.
func inputs(arguments []loops.Argument) string {
	if arguments == nil {
		return "any"
	}
	var parts []string
	for i := 0; i < len(arguments); {
		j := i
		for j+1 < len(arguments) && kindOf(&arguments[j+1]) == kindOf(&arguments[i]) {
			j++
		}
		names := printable(arguments[i].Name)
		switch {
		case j == i+1:
			names += ", " + printable(arguments[j].Name)
		case j > i:
			names += ", ..., " + printable(arguments[j].Name)
		}
		parts = append(parts, names+" "+kindOf(&arguments[i]))
		i = j + 1
	}
	return orDash(strings.Join(parts, "; "))
}

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
		return fmt.Sprintf("from %v", r.Lower)
	case math.IsInf(r.Lower, -1):
		return fmt.Sprintf("to %v", r.Upper)
	}
	return fmt.Sprintf("from %v to %v", r.Lower, r.Upper)
}

func (a *app) printLoops(o offer) error {
	if len(o.Loops) == 0 {
		return nil
	}
	a.printf("\nloops, as in   %s\n", o.example("loop", o.Loops[0].Name))
	for _, d := range o.Loops {
		a.printf("\n  %-16s %s\n", printable(d.Name), printable(d.Help))
		if d.Arguments == nil {
			a.printf("      takes any arguments: it does not say which\n")
		}
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
		for _, arg := range d.Arguments {
			fmt.Fprintf(w, "      %s\t%s\t%s\t%s\n", printable(arg.Name), kindOf(&arg), defaultText(&arg), printable(arg.Help))
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
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
