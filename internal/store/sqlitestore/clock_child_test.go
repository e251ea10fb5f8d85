package sqlitestore

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// offVariable says by how much the machine's clock is off for a child.
const offVariable = "SQLITESTORE_OFF"

// setOff returns a context in which the machine's clock is off.
func setOff(ctx context.Context, off time.Duration) context.Context {
	return WithWall(ctx, func() time.Time { return time.Now().Add(off) })
}

// childOff returns the context of a child's clock.
func childOff(ctx context.Context) (context.Context, error) {
	text := os.Getenv(offVariable)
	if text == "" {
		return ctx, nil
	}
	off, err := time.ParseDuration(text)
	return setOff(ctx, off), err
}

// childBeat registers a worker and keeps it alive, one beat for each signal
// that it gets.
func childBeat(ctx context.Context, _ *Store, n store.Network) error {
	if err := n.Register(ctx, rush.Worker{ID: "child", Expiry: 10 * time.Minute}); err != nil {
		return err
	}
	seen := store.Seen{}
	for {
		if _, err := n.Beat(ctx, "child"); err != nil {
			return err
		}
		fmt.Println("beaten")
		mail, err := n.AwaitMail(ctx, "child", seen, time.Hour)
		if err != nil {
			return err
		}
		seen.Signal = mail.Signal
	}
}
