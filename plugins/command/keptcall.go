package command

import (
	"fmt"
	"strconv"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/loops"
)

// protocolVariable tells a process that is kept which version of the protocol of
// docs/json-lines.md is spoken to it.
const (
	protocolVariable = "RUSH_JSON_LINES"
	protocolVersion  = 1
)

// keptScope is what is known when a process that is kept is started.
func keptScope(network rush.NetworkID, base string) scope {
	return scope{namePrefix + "network": string(network), namePrefix + "base": base, namePrefix + "dir": base}
}

// keptCall returns what a process that is kept is started with, and what it is
// given for the task.
func (o *Objective) keptCall(e *loops.Evaluation) (*Call, error) {
	line, err := request(e)
	if err != nil {
		return nil, err
	}
	c := &Call{Program: o.program, Dir: o.base, Stdin: line, Env: []string{
		"RUSH_NETWORK=" + string(e.Network), "RUSH_BASE=" + o.base, "RUSH_DIR=" + o.base,
		protocolVariable + "=" + strconv.Itoa(protocolVersion),
	}}
	return c, o.fill(c, keptScope(e.Network, o.base))
}

// request is the line that asks for a task: its number first, for programs that
// look for it without a JSON library.
func request(e *loops.Evaluation) ([]byte, error) {
	b := fmt.Appendf(nil, `{"task":%d,"attempt":%d,"xs":`, e.Task, e.Attempt)
	b, err := appendValues(b, e.XS)
	if err != nil {
		return nil, err
	}
	if b, err = appendValues(append(b, `,"constants":`...), e.Constants); err != nil {
		return nil, err
	}
	stream := make([]any, len(e.Stream))
	for i, n := range e.Stream {
		stream[i] = int64(n)
	}
	b = fmt.Appendf(b, `,"seed":%d,"rng_stream":`, e.Stream.Int31())
	if b, err = wire.AppendJSON(b, stream); err != nil {
		return nil, err
	}
	for _, text := range []struct{ name, value string }{{"network", string(e.Network)}, {"worker", string(e.Worker)}} {
		if b, err = wire.AppendJSON(fmt.Appendf(b, `,%q:`, text.name), text.value); err != nil {
			return nil, err
		}
	}
	b = append(b, `,"timeout":`...)
	if e.Options.Timeout <= 0 {
		return append(b, "null}"...), nil
	}
	return append(wire.AppendJSONFloat(b, e.Options.Timeout.Seconds()), '}'), nil
}

func appendValues(b []byte, v rush.Values) ([]byte, error) {
	if len(v) == 0 {
		return append(b, "{}"...), nil
	}
	return wire.AppendJSON(b, v)
}

// answerLine is the answer that the outputs came in, for people to see.
func answerLine(ys rush.Values) string {
	if ys == nil {
		return ""
	}
	b, err := wire.AppendJSON([]byte(`{"ys":`), ys)
	if err != nil {
		return err.Error()
	}
	return string(append(b, '}'))
}
