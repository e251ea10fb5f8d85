package rushworker

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/logstore"
)

// The defaults of Config.
const (
	DefaultHeartbeat = time.Second
	DefaultPatience  = 5 * time.Minute
	DefaultExpiry    = time.Hour // of a client; see Config.Client
)

// Config says which worker to open, and where. Store and Network are needed;
// every other zero value is a default.
type Config struct {
	Store   string         // a redis URL, or the path of an embedded store
	Network rush.NetworkID // created if the store has none of that id
	ID      rush.WorkerID  // default: a new one

	Loop    string // the name of the loop, for people to see
	Local   bool   // started by a manager on its own machine
	Version string // of the program, for people to see

	// Queues are the named queues to take from, in their order: high, default,
	// low. The worker's own queue comes before all of them, and the shared one
	// (rush.DefaultQueue), if it is not among them, after.
	Queues []string

	// Client says that the worker is no process but stands for a person or a
	// script, which takes tasks now and reports on them later: whoever opens
	// a living client by its ID goes on with it, from any program, and leaves
	// it with Detach. It is lost when nobody has called Beat for Expiry, one
	// hour by default.
	Client bool

	// Heartbeat is how often somebody will call Beat for this worker, and
	// Expiry how long without one until it counts as lost; by default one
	// second and three heartbeats. Expiry must be larger than Heartbeat.
	Heartbeat, Expiry time.Duration

	// IdleTimeout ends the worker once it had nothing to do for that long; see
	// SetIdleTimeout. Default: it does not.
	IdleTimeout time.Duration

	// Patience is how long a verb goes on trying while the store cannot be
	// reached. Default: five minutes; negative: not at all.
	Patience time.Duration

	// IgnoreSchema works for a network that another version of rush wrote.
	IgnoreSchema bool

	// Scratch is a directory for files that are of no use once the worker has
	// ended. Whoever starts the worker makes and removes it. Default: the
	// system's directory for temporary files.
	Scratch string

	Log *slog.Logger // default: discards

	// LogThresholds say which records of the worker's loggers are written into
	// the network's log too (see logstore.Thresholds); nil is none of them.
	LogThresholds logstore.Thresholds
	// Recorded takes, in place of Log, the records that are written into the
	// network's log too. Default: Log's handler.
	Recorded slog.Handler
	// LogBuffer is how many records are gathered before they are written;
	// see logstore.Options.
	LogBuffer int
	// KeepOutput has what objectives print written into the network's log, line
	// by line.
	KeepOutput bool
	// LogDir is a directory for what objectives print; see logstore.Files. It
	// is made if need be. Default: none.
	LogDir string
}

func (c *Config) defaults() error {
	if c.ID == "" {
		c.ID = rush.WorkerID(uuid.NewString()[:8])
	}
	if c.Client && c.Expiry == 0 {
		c.Expiry = DefaultExpiry
	}
	if c.Client && c.Heartbeat == 0 {
		c.Heartbeat = c.Expiry / 3
	}
	if c.Heartbeat == 0 {
		c.Heartbeat = DefaultHeartbeat
	}
	if c.Expiry == 0 {
		c.Expiry = 3 * c.Heartbeat
	}
	if c.Patience == 0 {
		c.Patience = DefaultPatience
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Heartbeat < 0 || c.Expiry <= c.Heartbeat {
		return fmt.Errorf("the heartbeat's expiry (%v) must be longer than its period (%v)", c.Expiry, c.Heartbeat)
	}
	return errors.Join(c.Network.Validate(), c.ID.Validate())
}
