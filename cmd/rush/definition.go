package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
	"github.com/rushnet/rush/table"
)

// readDefinition reads what a network is about; nil if it was not made from a
// search file.
func readDefinition(ctx context.Context, net *network.Rush) (*search.Definition, error) {
	stored, err := net.Definition(ctx)
	if err != nil {
		return nil, err
	}
	def, err := search.ParseDefinition(stored.Body)
	if errors.Is(err, search.ErrNoSearch) {
		return nil, nil
	}
	return def, err
}

// schemaOf declares the columns of a network's tables; none if the network was
// not made from a search file.
func schemaOf(ctx context.Context, net *network.Rush) (table.Schema, error) {
	def, err := readDefinition(ctx, net)
	if err != nil || def == nil {
		return nil, err
	}
	return def.Schema(), nil
}

// valuesText writes values as lines of name = value, by name.
func valuesText(v rush.Values) string {
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		names[i] = name + " = " + cell(v[name])
	}
	return strings.Join(names, "\n")
}
