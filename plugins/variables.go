package plugins

import (
	"errors"
	"maps"
	"os"
)

// variables are the environment variables that the network of a worker sets in
// its process. They belong to one goroutine at a time.
type variables struct {
	now    map[string]string  // that were set last
	before map[string]*string // what the process was started with; nil: nothing
}

// set sets the variables, and those that are not among them any more to what they
// were. It says whether anything changed.
func (v *variables) set(now map[string]string) (changed bool, err error) {
	if maps.Equal(v.now, now) {
		return false, nil
	}
	var errs []error
	for name := range v.now {
		if _, stays := now[name]; stays {
			continue
		}
		if was := v.before[name]; was != nil {
			errs = append(errs, os.Setenv(name, *was))
		} else {
			errs = append(errs, os.Unsetenv(name))
		}
	}
	for name, text := range now {
		v.remember(name)
		errs = append(errs, os.Setenv(name, text))
	}
	v.now = now
	return true, errors.Join(errs...)
}

// remember notes what a variable was before it is set for the first time.
func (v *variables) remember(name string) {
	if _, known := v.before[name]; known {
		return
	}
	if v.before == nil {
		v.before = map[string]*string{}
	}
	v.before[name] = nil
	if was, found := os.LookupEnv(name); found {
		v.before[name] = &was
	}
}
