package network

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/logstore"
)

// A Plan is what holds for all networks of a user unless a call says something
// else. It is kept in a file of the user's configuration directory; see
// PlanFile. Zero fields say nothing.
type Plan struct {
	Store string // as Config.Store
	// Network is the one that OpenDefault opens, and the one that a command means
	// which names none. It is in the plan's store, or in the default one if the
	// plan names none; in other stores it says nothing.
	Network rush.NetworkID
	Workers int // how many StartWorkers starts
	// LogThresholds are those of Workers.
	LogThresholds logstore.Thresholds
	// LargeObjects is a directory for the files of values and objects that are
	// larger than LargeObject. Open sets it as the limit of networks that it makes,
	// unless Config.Objects says another one.
	LargeObjects string
	StartTimeout time.Duration // how long workers may take until they are registered; 0 is unlimited
	WaitTimeout  time.Duration // how long AwaitWorkers waits; 0 is unlimited
}

// LargeObject is above how many bytes values and objects go into the directory of
// the plan.
const LargeObject = 1 << 20

// planJSON is a plan as people can read and edit it.
type planJSON struct {
	Store         string                `json:"store,omitempty"`
	Network       rush.NetworkID        `json:"network,omitempty"`
	Workers       int                   `json:"workers,omitempty"`
	LogThresholds map[string]slog.Level `json:"log_thresholds,omitempty"`
	LargeObjects  string                `json:"large_objects,omitempty"`
	StartTimeout  string                `json:"start_timeout,omitempty"`
	WaitTimeout   string                `json:"wait_timeout,omitempty"`
}

// PlanFile is the path of the plan: rush/plan.json in $XDG_CONFIG_HOME, or
// what the system has for it. It need not exist.
func PlanFile() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("there is no directory for the plan: %w", err)
	}
	return filepath.Join(dir, "rush", "plan.json"), nil
}

// SetPlan makes sure that the plan's store, if it names one, can be reached,
// and keeps the plan in place of the one before. Only its user can read the
// file: a store's URL may have a password.
func SetPlan(ctx context.Context, p Plan) error {
	if err := p.check(ctx); err != nil {
		return fmt.Errorf("set the plan: %w", err)
	}
	file, err := PlanFile()
	if err != nil {
		return err
	}
	b, err := p.encode()
	if err == nil {
		err = writePrivate(file, b)
	}
	if err != nil {
		return fmt.Errorf("set the plan: %w", err)
	}
	return nil
}

func (p *Plan) check(ctx context.Context) error {
	if p.Workers < 0 || p.StartTimeout < 0 || p.WaitTimeout < 0 {
		return fmt.Errorf("it has %d workers and the timeouts %v and %v; expected none below zero", p.Workers, p.StartTimeout, p.WaitTimeout)
	}
	if p.Network != "" {
		if err := p.Network.Validate(); err != nil {
			return err
		}
	}
	if p.LargeObjects != "" {
		var err error
		if p.LargeObjects, err = filepath.Abs(p.LargeObjects); err != nil {
			return err
		}
	}
	if p.Store == "" {
		return nil
	}
	var err error
	if p.Store, err = ResolveStore(p.Store); err != nil {
		return err
	}
	st, err := dial.Open(ctx, p.Store, nil)
	if err != nil {
		return err
	}
	return st.Close()
}

// ReadPlan returns the plan; found is false, and the plan empty, if none is
// set.
func ReadPlan() (p Plan, found bool, err error) {
	file, err := PlanFile()
	if err != nil {
		return p, false, nil // there cannot be one
	}
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return p, false, nil
	}
	if err == nil {
		p, err = decodePlan(b)
	}
	if err != nil {
		return p, false, fmt.Errorf("read the plan %s: %w; rush plan remove takes it away", file, err)
	}
	return p, true, nil
}

// RemovePlan removes the plan, and says whether there was one.
func RemovePlan() (bool, error) {
	file, err := PlanFile()
	if err != nil {
		return false, nil
	}
	err = os.Remove(file)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("remove the plan: %w", err)
	}
	return true, nil
}

func (p *Plan) encode() ([]byte, error) {
	return json.MarshalIndent(planJSON{
		p.Store, p.Network, p.Workers, p.LogThresholds, p.LargeObjects, period(p.StartTimeout), period(p.WaitTimeout),
	}, "", "  ")
}

func period(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func decodePlan(b []byte) (Plan, error) {
	var j planJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return Plan{}, err
	}
	p := Plan{Store: j.Store, Network: j.Network, Workers: j.Workers, LogThresholds: j.LogThresholds, LargeObjects: j.LargeObjects}
	for text, to := range map[*string]*time.Duration{&j.StartTimeout: &p.StartTimeout, &j.WaitTimeout: &p.WaitTimeout} {
		if *text == "" {
			continue
		}
		var err error
		if *to, err = time.ParseDuration(*text); err != nil {
			return p, err
		}
	}
	return p, nil
}

// writePrivate replaces a file, which only its owner may read, as a whole.
func writePrivate(file string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), "new-*") // mode 0600
	if err != nil {
		return err
	}
	_, err = tmp.Write(b)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
	}
	return err
}

// IsRemote reports whether a store's URL is that of a server, which other
// machines may reach, and not the path of a file.
func IsRemote(store string) bool { return dial.IsURL(store) && !strings.HasPrefix(store, "file:") }

// Redact returns a store's URL with xxxxx in place of its password.
func Redact(store string) string {
	if !dial.IsURL(store) {
		return store
	}
	u, err := url.Parse(store)
	if err != nil {
		return "a URL that cannot be read"
	}
	return u.Redacted()
}
