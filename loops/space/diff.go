package space

import (
	"fmt"
	"slices"
	"strings"
)

// Diff says in a sentence each how space b differs from a, which was there
// before; none says that they are equal. It is for telling a person why what
// was begun with a cannot go on with b.
func Diff(a, b Space) []string {
	var diffs []string
	for i := range a.params {
		p := &a.params[i].Param
		j, ok := b.index[p.Name]
		if !ok {
			diffs = append(diffs, fmt.Sprintf("parameter %s was removed", p.Name))
			continue
		}
		diffs = append(diffs, diffParam(p, &b.params[j].Param)...)
	}
	for i := range b.params {
		p := &b.params[i].Param
		if _, ok := a.index[p.Name]; !ok {
			diffs = append(diffs, fmt.Sprintf("parameter %s was added", p.Name))
		}
	}
	diffs = append(diffs, diffOrder(a, b)...)
	if was, is := a.Constraints(), b.Constraints(); !slices.Equal(was, is) {
		diffs = append(diffs, fmt.Sprintf("the constraints were %s and are %s", texts(was), texts(is)))
	}
	return diffs
}

// Equal reports whether the spaces have the same parameters in the same order.
func (s Space) Equal(other Space) bool { return len(Diff(s, other)) == 0 }

func diffParam(a, b *Param) []string {
	if a.Type != b.Type {
		return []string{fmt.Sprintf("%s: its type was %s and is %s", a.Name, a.Type, b.Type)}
	}
	var diffs []string
	for _, f := range []struct {
		name    string
		was, is string
		same    bool
	}{
		{"lower bound", formatNumber(a.Lower), formatNumber(b.Lower), a.Lower == b.Lower},
		{"upper bound", formatNumber(a.Upper), formatNumber(b.Upper), a.Upper == b.Upper},
		{"scale", scale(a), scale(b), a.Log == b.Log},
		{"list of levels", list(a.Levels), list(b.Levels), identical(a.Levels, b.Levels)},
		{"step", step(a), step(b), a.By == b.By},
		{"dependency", text(a.Depends), text(b.Depends), a.Depends == b.Depends},
		{"trafo", text(a.Trafo), text(b.Trafo), a.Trafo == b.Trafo},
		{"list of special values", list(a.Special), list(b.Special), identical(a.Special, b.Special)},
		{"default", value(a.Default), value(b.Default), identical(one(a.Default), one(b.Default))},
		{"role", role(a), role(b), a.Fidelity == b.Fidelity},
		{"list of grid values", list(a.Values), list(b.Values), identical(a.Values, b.Values)},
	} {
		if !f.same {
			diffs = append(diffs, fmt.Sprintf("%s: its %s was %s and is %s", a.Name, f.name, f.was, f.is))
		}
	}
	return diffs
}

func scale(p *Param) string {
	if p.Log {
		return "logarithmic"
	}
	return "linear"
}

func step(p *Param) string {
	if p.By == 0 {
		return "absent"
	}
	return formatNumber(p.By)
}

func role(p *Param) string {
	if p.Fidelity {
		return "the fidelity"
	}
	return "a part of the point"
}

func text(s string) string { return texts([]string{s}) }

func texts(list []string) string {
	if strings.Join(list, "") == "" {
		return "absent"
	}
	return strings.Join(list, "; ")
}

func value(v *any) string {
	if v == nil {
		return "absent"
	}
	return show(*v)
}

// one returns the value as a list; none is an empty one.
func one(v *any) []any {
	if v == nil {
		return nil
	}
	return []any{*v}
}

func list(values []any) string {
	if len(values) == 0 {
		return "absent"
	}
	return "[" + showList(values) + "]"
}

// identical compares lists with the types of their numbers.
func identical(a, b []any) bool {
	return slices.EqualFunc(a, b, func(v, w any) bool {
		x, _ := marshalValue(v) // what is in a space can be written
		y, _ := marshalValue(w)
		return string(x) == string(y)
	})
}

// diffOrder compares the order of the parameters that both have.
func diffOrder(a, b Space) []string {
	common := func(s, other Space) []string {
		return slices.DeleteFunc(s.Names(), func(name string) bool {
			_, ok := other.index[name]
			return !ok
		})
	}
	was, is := common(a, b), common(b, a)
	if slices.Equal(was, is) {
		return nil
	}
	return []string{fmt.Sprintf("the order of the parameters was %s and is %s", strings.Join(was, ", "), strings.Join(is, ", "))}
}
