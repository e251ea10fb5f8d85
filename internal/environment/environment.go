// Package environment is how the named values of a network are stored: those that
// its workers read when they start, and when they are told to refresh.
//
// Each value is a document of its own, so that who sets one does not overwrite
// another that somebody else sets at the same time.
package environment

import (
	"errors"
	"fmt"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/envname"
	"github.com/rushnet/rush/internal/wire"
)

// What the names of the documents begin with.
const (
	Prefix         = "environment:"
	constantPrefix = Prefix + "constant:"
	variablePrefix = Prefix + "variable:"
)

// Encode returns the documents of constants and variables.
func Encode(constants rush.Values, variables map[string]string) (map[string][]byte, error) {
	docs := make(map[string][]byte, len(constants)+len(variables))
	for name, v := range constants {
		if strings.TrimSpace(name) == "" {
			return nil, errors.New("a constant has no name")
		}
		body, err := wire.AppendValue(nil, v)
		if err != nil {
			return nil, fmt.Errorf("constant %s: %w", name, err)
		}
		docs[constantPrefix+name] = body
	}
	for name, text := range variables {
		if err := check(name, text); err != nil {
			return nil, err
		}
		docs[variablePrefix+name] = []byte(text)
	}
	return docs, nil
}

func check(name, text string) error {
	if err := envname.Check(name); err != nil {
		return err
	}
	if strings.Contains(text, "\x00") {
		return fmt.Errorf("the environment variable %s has a NUL character, which ends every variable", name)
	}
	return nil
}

// Without returns what deletes the documents of constants and variables.
func Without(constants, variables []string) map[string][]byte {
	docs := make(map[string][]byte, len(constants)+len(variables))
	for _, name := range constants {
		docs[constantPrefix+name] = nil
	}
	for _, name := range variables {
		docs[variablePrefix+name] = nil
	}
	return docs
}

// Decode reads documents whose names begin with Prefix.
func Decode(docs map[string][]byte) (constants rush.Values, variables map[string]string, err error) {
	for name, body := range docs {
		if name, ok := strings.CutPrefix(name, variablePrefix); ok {
			if variables == nil {
				variables = map[string]string{}
			}
			variables[name] = string(body)
		}
		if name, ok := strings.CutPrefix(name, constantPrefix); ok {
			if constants == nil {
				constants = rush.Values{}
			}
			if constants[name], _, err = wire.ReadValue(body); err != nil {
				return nil, nil, fmt.Errorf("constant %s: %w", name, err)
			}
		}
	}
	return constants, variables, nil
}
