package network

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// An order is what the host of detached workers is told: which network, and
// which workers, with all that is open filled in. It goes through a pipe, where
// a list of processes does not show the store's password.
type order struct {
	Store   string
	Network rush.NetworkID
	Any     bool // of any schema
	Workers Workers

	// What Workers does not have in JSON.
	Args, Constants []byte
	LogLevel        slog.Level
}

// errNoOutput: a function cannot be handed to another process.
var errNoOutput = errors.New("detached workers cannot call a function of this program, and Output is one; set LogDir or KeepOutput instead, or read DetachLog")

func (r *Rush) order(w Workers) ([]byte, error) {
	if w.Output != nil {
		return nil, errNoOutput
	}
	o := order{Store: r.url, Network: r.id, Any: r.any, Workers: w, LogLevel: w.LogLevel.Level()}
	var err error
	if o.Args, err = wire.Encode(w.Args); err != nil {
		return nil, fmt.Errorf("arguments: %w", err)
	}
	if o.Constants, err = wire.Encode(w.Constants); err != nil {
		return nil, fmt.Errorf("constants: %w", err)
	}
	return json.Marshal(o)
}

// fill puts the workers together again.
func (o *order) fill() (err error) {
	o.Workers.LogLevel = o.LogLevel
	if o.Workers.Args, err = wire.Decode(o.Args); err == nil {
		o.Workers.Constants, err = wire.Decode(o.Constants)
	}
	return err
}
