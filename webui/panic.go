package webui

import (
	"fmt"
	"runtime/debug"
)

// A broken is a panic that was caught: a mistake in this package, or in the Store.
// It ends what was done, and nothing else.
type broken struct {
	value any
	stack []byte
}

func (b *broken) Error() string {
	return fmt.Sprintf("the page's server has made a mistake, which its log tells about (%v)", b.value)
}

// safely makes an error of a panic.
func safely(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &broken{p, debug.Stack()}
		}
	}()
	return f()
}

// guarded calls f, and has a panic of it in the log.
func (b *hub) guarded(f func()) {
	err := safely(func() error { f(); return nil })
	if err, ok := err.(*broken); ok {
		b.cfg.Log.Error("a network is not followed any more", "network", b.id, "error", err, "stack", string(err.stack))
	}
}
