// Package envname says which names environment variables can have that a person sets.
package envname

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// own are the variables that rush tells what it starts.
const own = "RUSH_"

// portable are the names that shells and programs everywhere read: those of POSIX, in
// either case. Shells drop others, and a "=" or a NUL would end them.
var portable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Form says what is wrong with the form of a name, and what is allowed.
func Form(name string) error {
	switch {
	case name == "":
		return errors.New("an environment variable has no name; expected letters, digits and _, as in OMP_NUM_THREADS")
	case !portable.MatchString(name):
		return fmt.Errorf("%s cannot name an environment variable; expected letters, digits and _ with no digit first, as in OMP_NUM_THREADS", shown(name))
	}
	return nil
}

// Check is Form, and refuses names of rush's own variables.
func Check(name string) error {
	if err := Form(name); err != nil {
		return err
	}
	if strings.HasPrefix(name, own) {
		return fmt.Errorf("the environment variable %s may be set by rush itself: choose a name that does not begin with %s", shown(name), own)
	}
	return nil
}

// shown is as much of a name as a message has: what follows a "=" may be a password.
func shown(name string) string {
	const most = 100
	before, _, both := strings.Cut(name, "=")
	if r := []rune(before); len(r) > most {
		return fmt.Sprintf("%q...", string(r[:most]))
	}
	if both {
		return fmt.Sprintf("%q...", before+"=")
	}
	return fmt.Sprintf("%q", before)
}
