//go:build unix

package plugins_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rushnet/rush/plugins"
)

// The sums of "abc" and of nothing, as sha256sum prints them.
const (
	sumOfABC     = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	sumOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"program": "abc", "empty": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		name    string
		command []string
		sum     string
		want    string // part of the error; "" is none
	}{
		{"no checksum", []string{"./program"}, "", ""},
		{"a program", []string{"./program"}, sumOfABC, ""},
		{"in capitals", []string{"./program"}, strings.ToUpper(sumOfABC), ""},
		{"by its whole path", []string{filepath.Join(dir, "program"), "empty"}, sumOfABC, ""},
		{"another program", []string{"./program"}, sumOfNothing, "expected the SHA-256 " + sumOfNothing + ", found " + sumOfABC},
		{"a script", []string{"sh", "-e", "program", "empty"}, sumOfABC, ""},
		{"another script", []string{"sh", "empty"}, sumOfABC, "empty is not the program that was meant"},
		{"an interpreter alone", []string{"sh", "-c", "exit"}, sumOfABC, "sh is not the program that was meant"},
		{"no file", []string{"./missing"}, sumOfABC, "no such file"},
		{"no command", nil, sumOfABC, "no command was given"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := plugins.Spec{Command: tc.command, Dir: dir, SHA256: tc.sum}
			err := s.Verify()
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("found %v, expected %q", err, tc.want)
			}
		})
	}
}

// A program that is not the one that was meant is not started.
func TestAWrongChecksumStartsNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	dir := t.TempDir()
	script := "echo started > started; exit 1"
	if err := os.WriteFile(filepath.Join(dir, "script.sh"), []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	s := plugins.Spec{Command: []string{"sh", "script.sh"}, Dir: dir, SHA256: sumOfABC}
	if _, err := plugins.Describe(ctx, s); err == nil || !strings.Contains(err.Error(), "is not the program that was meant") {
		t.Errorf("found %v, expected that the checksum differs", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "started")); err == nil {
		t.Error("it was started")
	}
}

// A program with a slash in its name is relative to the directory it runs in, also
// when that is relative itself.
func TestAProgramIsRelativeToItsDirectory(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(filepath.Dir(dir))
	if err := os.WriteFile(filepath.Join(dir, "program"), []byte("#!/bin/sh\nprintf %s \"$NAME\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{dir, filepath.Base(dir)} {
		s := plugins.Spec{Command: []string{"./program"}, Dir: base, Env: map[string]string{"NAME": "it"}}
		cmd, err := s.Cmd()
		if err != nil {
			t.Fatal(err)
		}
		if out, err := cmd.Output(); err != nil || string(out) != "it" {
			t.Errorf("in %s: found %q, %v", base, out, err)
		}
	}
}
