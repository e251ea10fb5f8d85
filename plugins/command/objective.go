package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/rushnet/rush/internal/pool"
	"github.com/rushnet/rush/loops"
)

// Options are what a command can be given beside its [Spec]. nil and the zero
// value are valid.
type Options struct {
	// Parameters and Constants are the names that a task will have. With them
	// placeholders and collisions of names are checked by [New]; without
	// Parameters (nil) only when a task is there.
	Parameters, Constants []string
	// Optional are parameters that a task may lack, those that depend on others:
	// their placeholders are empty then.
	Optional []string
	// Workers is how many processes may run at once on this machine; 0 is one for
	// each core.
	Workers int
	// Threads limits the threads of numeric libraries in each process, by
	// OMP_NUM_THREADS and its kin, but for those that are set in the environment or
	// in the Spec. 0 is the cores divided by Workers, -1 no limit.
	Threads int
	// Grace is how long a process that was asked to end may take; 0 is a second.
	Grace time.Duration
	// Environ is the environment that processes inherit; nil is this program's, as
	// it is when each of them starts.
	Environ []string
}

// An Objective runs a command for each task. Any number of goroutines may call
// its methods.
type Objective struct {
	base      string // absolute
	command   []text
	program   string // absolute path; "" when the name has placeholders
	env       map[string]text
	environ   func() []string // inherited, and the limits of threads
	dir       text            // of a task; empty when all run in base
	keep      Keep
	optional  []string // parameters that a task may lack
	templates []template
	answer    answer
	grace     time.Duration
	kept      *kept       // nil: a process for each task
	starts    pool.Health // of those
	sha256    string      // of what is kept
}

var (
	_ loops.Contained = (*Objective)(nil)
	_ loops.Renewer   = (*Objective)(nil)
)

// New checks what a search file says of a command, as far as can be known before
// there is a task: whether the program is there and may be executed, whether
// every placeholder is the name of something, regular expressions, template
// files. base is the search file's directory, "" the current one.
func New(spec Spec, base string, codomain loops.Codomain, opts *Options) (*Objective, error) {
	base, err := filepath.Abs(base)
	if err != nil {
		return nil, fmt.Errorf("command: %w", err)
	}
	o := &Objective{base: base, grace: time.Second}
	set := withDefaults(opts)
	o.optional = set.Optional
	if set.Grace > 0 {
		o.grace = set.Grace
	}
	for _, step := range []func() error{
		func() error { return o.setCommand(spec.Command) },
		func() error { return o.setEnvironment(spec.Env, set) },
		func() error { return o.setDir(spec.Dir) },
		func() error { return o.setTemplates(spec.Template) },
		func() error { return o.setAnswer(spec.Answer, codomain) },
		func() error { return o.setKept(spec) },
		func() error { return o.checkNames(set) },
		func() error { return o.checkShared(set.Workers) },
	} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("command: %w", err)
		}
	}
	return o, nil
}

func withDefaults(opts *Options) Options {
	var set Options
	if opts != nil {
		set = *opts
	}
	if set.Workers <= 0 {
		set.Workers = runtime.NumCPU()
	}
	if set.Threads == 0 {
		set.Threads = threadsOf(set.Workers)
	}
	return set
}

func (o *Objective) setCommand(command []string) error {
	if len(command) == 0 {
		return errors.New("it is empty; expected a list of the program and its arguments, such as [python3, train.py]")
	}
	o.command = parseTexts(command)
	if !o.command[0].literal() {
		return nil // looked for when it is known
	}
	var err error
	o.program, err = findProgram(command[0], o.base)
	return err
}

func (o *Objective) setEnvironment(env map[string]string, set Options) error {
	if err := checkEnv(env); err != nil {
		return err
	}
	o.env = make(map[string]text, len(env))
	for name, value := range env {
		o.env[name] = parseText(value)
	}
	o.environ = func() []string {
		environ := set.Environ
		if environ == nil {
			environ = os.Environ()
		}
		return append(inherited(environ), limitThreads(set.Threads, func(name string) bool {
			_, ok := env[name]
			return ok || isSet(environ, name)
		})...)
	}
	return nil
}

func (o *Objective) setDir(dir *Dir) error {
	if dir == nil {
		return nil
	}
	o.dir = parseText(dir.Path)
	if !o.dir.has(namePrefix + "task") {
		return fmt.Errorf("dir: the path %q is the same for every task; expected {{rush.task}} in it, as in runs/{{rush.task}}", dir.Path)
	}
	if o.dir.has(namePrefix + "dir") {
		return fmt.Errorf("dir: the path %q cannot have {{rush.dir}} in it, which is itself", dir.Path)
	}
	switch dir.Keep {
	case "":
		o.keep = KeepAlways
	case KeepAlways, KeepFailed, KeepNever:
		o.keep = dir.Keep
	default:
		return fmt.Errorf("dir: keep is %q; expected always, failed or never", dir.Keep)
	}
	return nil
}

// ownDir reports whether each task has a directory of its own.
func (o *Objective) ownDir() bool { return o.dir.source != "" }
