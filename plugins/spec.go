package plugins

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/rushnet/rush/internal/scratch"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/proto"
)

// A Spec says which program to start as a plugin. Command is needed.
type Spec struct {
	Command []string          `json:"command"`          // the program and its arguments
	Dir     string            `json:"dir,omitempty"`    // working directory; default: this program's
	Env     map[string]string `json:"env,omitempty"`    // added to this program's environment
	SHA256  string            `json:"sha256,omitempty"` // of the program's file, in hexadecimal; see Verify; empty: any
	// StartTimeout is how long the program may take until it is a plugin, such as to
	// load its libraries; 0 is DefaultStartTimeout.
	StartTimeout time.Duration `json:"start_timeout,omitempty"`
}

// String is the command as a person would type it.
func (s *Spec) String() string { return strings.Join(s.Command, " ") }

// Cmd returns the program as it is to be started, once Verify has nothing against
// it. Its environment has only what is added. A program with a slash in its name
// is relative to Dir.
func (s *Spec) Cmd() (*exec.Cmd, error) {
	if len(s.Command) == 0 {
		return nil, errNoCommand
	}
	if err := s.Verify(); err != nil {
		return nil, err
	}
	cmd := exec.Command(s.Command[0], s.Command[1:]...)
	cmd.Dir = s.Dir
	for name, value := range s.Env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd, nil
}

// ErrJSONLines says that a program is no plugin but a loop that speaks JSON lines;
// see package hosted.
var ErrJSONLines = errors.New("it is no plugin: it calls verbs as JSON lines, as a loop: {command: [...]} does")

// Describe starts a program, asks what it serves, and ends it. An error has the
// last of what it printed on stderr; it is [ErrJSONLines] if the program called a
// verb of a loop.
func Describe(ctx context.Context, s Spec) (Description, error) {
	d, err := describe(ctx, s)
	if err != nil {
		return Description{}, fmt.Errorf("ask %s what it serves: %w", &s, err)
	}
	return d, nil
}

func describe(ctx context.Context, s Spec) (Description, error) {
	cmd, err := s.Cmd()
	if err != nil {
		return Description{}, err
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	r := &groupRunner{name: s.Command[0], cmd: cmd, session: true, output: func(stream, line string) {
		if stream == "stdout" && strings.HasPrefix(strings.TrimSpace(line), `{"verb"`) {
			end(ErrJSONLines)
		}
	}}
	dir, err := scratch.New("")
	if err != nil {
		return Description{}, err
	}
	defer func() { _ = dir.Remove() }()
	start, err := prepare(r, dir.Path(), s.StartTimeout)
	if err != nil {
		return Description{}, err
	}
	defer start.end()
	defer context.AfterFunc(ctx, func() { _ = r.Kill(ctx) })()
	m, err := ask(ctx, start)
	if ctx.Err() != nil {
		err = context.Cause(ctx) // what it died of
	}
	if err != nil {
		return Description{}, err
	}
	return descriptionFromProto(m)
}

func ask(ctx context.Context, l *launch) (*proto.Description, error) {
	c, err := l.connect()
	if err != nil {
		return nil, err
	}
	raw, err := c.Dispense(catalogPlugin)
	if err != nil {
		return nil, err
	}
	return raw.(proto.CatalogClient).Describe(ctx, &proto.DescribeRequest{})
}

func descriptionFromProto(m *proto.Description) (d Description, err error) {
	d = Description{Version: m.Version, Language: m.Language, Worker: m.Worker}
	if d.Loops, err = declarationsFromProto(m.Loops); err == nil {
		d.Objectives, err = declarationsFromProto(m.Objectives)
	}
	return d, err
}

// Find returns what is declared under the name, or the only one if the name is
// empty. kind is loop or objective.
func (d *Description) Find(kind, name string) (loops.Declaration, error) {
	all := d.Objectives
	if kind == "loop" {
		all = d.Loops
	}
	var known []string
	for _, one := range all {
		if one.Name == name || name == "" && len(all) == 1 {
			return one, nil
		}
		known = append(known, one.Name)
	}
	if name == "" && len(known) > 0 {
		return loops.Declaration{}, fmt.Errorf("the program serves several %ss, and which one is not said; it has %s", kind, strings.Join(known, ", "))
	}
	return loops.Declaration{}, unknown(kind, name, known)
}
