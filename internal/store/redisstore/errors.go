package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// explain turns an error of a call into one that a person can read. It wraps
// a value of package rush if a script refused, and is store.Unavailable if
// the server is away.
func (s *Store) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if refusal := refused(err); refusal != nil {
		return refusal
	}
	away := away(err)
	err = s.hide(err)
	switch {
	case ctx.Err() != nil && !errors.Is(err, ctx.Err()):
		return fmt.Errorf("redis at %s: %w (%w)", s.address, ctx.Err(), err)
	case away:
		return store.MarkUnavailable(fmt.Errorf("redis at %s does not answer: %w", s.address, err))
	case redis.IsOOMError(err):
		return fmt.Errorf("redis at %s has used up the memory that it may use: raise its maxmemory, or destroy networks: %w", s.address, err)
	case redis.IsAuthError(err) || redis.IsPermissionError(err):
		return fmt.Errorf("redis at %s does not let this user in: check user and password in the URL, and what the user may do: %w", s.address, err)
	case redis.HasErrorPrefix(err, "MISCONF"):
		return fmt.Errorf("redis at %s refuses to write because it cannot save to its disk: %w", s.address, err)
	}
	return fmt.Errorf("redis at %s: %w", s.address, err)
}

// hide replaces an error that has a password in its text.
func (s *Store) hide(err error) error {
	text := err.Error()
	for _, secret := range s.secrets {
		if strings.Contains(text, secret) {
			return errors.New(strings.ReplaceAll(text, secret, "xxxxx"))
		}
	}
	return err
}

// away reports whether the server may answer the same call later.
func away(err error) bool {
	return redis.IsLoadingError(err) || redis.IsReadOnlyError(err) || redis.IsMasterDownError(err) ||
		redis.IsClusterDownError(err) || redis.IsTryAgainError(err) || redis.IsNoReplicasError(err) ||
		redis.IsMaxClientsError(err) || redis.HasErrorPrefix(err, "BUSY ") || // running a long script
		errors.Is(err, redis.ErrPoolTimeout) || store.Unavailable(err)
}

// refused returns what a script's error reply means, or nil if the error is
// none.
func refused(err error) error {
	var reply redis.Error
	if !errors.As(err, &reply) {
		return nil
	}
	words := append(strings.Fields(strings.TrimPrefix(reply.Error(), "ERR ")), "", "")
	switch code, about := words[0], words[1]; code {
	case "RUSHNONE":
		return rush.ErrNoNetwork
	case "RUSHSCHEMA":
		return fmt.Errorf("%w: it has schema %s, expected %d; use that version, or destroy the network", rush.ErrSchema, about, store.Schema)
	case "RUSHCHANGED":
		return fmt.Errorf("the definition has version %s: %w", about, rush.ErrChanged)
	case "RUSHEXISTS":
		return rush.ErrExists
	case "RUSHLOST":
		return fmt.Errorf("worker %s: %w", about, rush.ErrLost)
	case "RUSHALIVE":
		return fmt.Errorf("worker %s: %w", about, rush.ErrAlive)
	case "RUSHNOWORKER":
		return fmt.Errorf("worker %s: %w", about, rush.ErrNoWorker)
	case "RUSHNORESPONSE":
		return noResponse(about)
	case "RUSHENDED":
		return aboutTask(about, fmt.Errorf("%w: it is %s already", rush.ErrState, words[2]))
	case "RUSHSTALE":
		last, _ := strconv.ParseInt(about, 10, 64) // the script wrote a number
		return &store.StaleError{Last: last}
	case "RUSHFULL":
		return rush.ErrExhausted
	case "RUSHFIXED":
		return fmt.Errorf("task %s: a fixed number must be one of those that are reserved, and %s are", about, words[2])
	case "RUSHORDER":
		return errOrder
	case "RUSHNOOBJECT":
		return noObject(about)
	case "RUSHNOTASK":
		return aboutTask(about, rush.ErrNoTask)
	case "RUSHSTATE":
		return aboutTask(about, rush.ErrState)
	}
	return nil
}

// errOrder is the error of a chunk whose predecessor was not created.
var errOrder = errors.New("the tasks before these were not created")

// noResponse is the error of a response that is not there; of all of them if no
// worker is named.
func noResponse(worker string) error {
	if worker == "" {
		return rush.ErrNoResponse
	}
	return fmt.Errorf("worker %s: %w", worker, rush.ErrNoResponse)
}

func aboutTask(number string, err error) error {
	n, parseErr := strconv.ParseInt(number, 10, 64)
	if parseErr != nil {
		return err
	}
	return &rush.TaskError{Key: rush.TaskKey(n), Err: err}
}
