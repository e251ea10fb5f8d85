package store

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
)

// Unavailable reports whether an error of a verb says that the store itself
// is out of reach for now: its server is stopped, restarts, changes places or
// is overrun. The verb may or may not have happened; the same call can be
// repeated until it gets through. An error that only says that the caller's
// context is over is none of these.
func Unavailable(err error) bool {
	var marked *unavailable
	if errors.As(err, &marked) {
		return true
	}
	for _, known := range []error{
		io.EOF, io.ErrUnexpectedEOF, net.ErrClosed,
		syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE, syscall.ETIMEDOUT,
		syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.ENETDOWN,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	// Also dialing a host that has no name yet, or a socket that is not there
	// yet, and a server that does not answer in time.
	var op *net.OpError
	if errors.As(err, &op) {
		return !errors.Is(err, context.Canceled)
	}
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout() && !errors.Is(err, context.DeadlineExceeded)
}

// MarkUnavailable returns an error with the same text that wraps err and for
// which Unavailable is true. It is for drivers, whose own kinds of errors
// this package does not know.
func MarkUnavailable(err error) error { return &unavailable{err} }

type unavailable struct{ error }

func (u *unavailable) Unwrap() error { return u.error }
