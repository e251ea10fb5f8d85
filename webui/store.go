package webui

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

// A Store is what the page shows: the networks of one store. Package netview has
// the one for networks that package network opens. It must be safe for concurrent
// use.
type Store interface {
	// Address is where the store is, without a password.
	Address() string
	// Networks lists the networks by name.
	Networks(ctx context.Context) ([]Info, error)
	// Open opens a network that exists; rush.ErrNoNetwork says that it does not.
	// The caller closes it.
	Open(ctx context.Context, id rush.NetworkID) (Network, error)
}

// Info is a line of a store's list of networks.
type Info struct {
	ID      rush.NetworkID
	Run     rush.Run
	Counts  rush.Counts
	Workers int       // alive
	Expires time.Time // when it will be destroyed; zero is never
}

// A Network is all that the page reads of one network and does to it. It must be
// safe for concurrent use.
type Network interface {
	Reader
	Actor
	Close() error
}

// A Reader reads a network. The methods are those of network.Rush.
type Reader interface {
	Source() table.Source
	Definition(ctx context.Context) (*Definition, error)
	// About is what an exported file says of the network; nil is nothing.
	About(ctx context.Context) (*table.About, error)
	Counts(ctx context.Context) (rush.Counts, error)
	Run(ctx context.Context) (rush.Run, error)
	Workers(ctx context.Context) ([]rush.Worker, error)
	// Tasks fails with rush.ErrNoTask when one of the tasks does not exist.
	Tasks(ctx context.Context, keys ...rush.TaskKey) ([]*rush.Task, error)
	ReadLog(ctx context.Context, from rush.Cursor, filter rush.LogFilter, max int, wait time.Duration) (rush.LogPage, error)
	TailLog(ctx context.Context, n int, filter rush.LogFilter) (rush.LogPage, error)
	// Importance measures how much of an output's variance each parameter
	// explains; the output "" is the first objective.
	Importance(ctx context.Context, target string) (*Importance, error)
}

// An Actor changes a network. The methods that package network has too do what
// they do there.
type Actor interface {
	// ReadPoints reads tasks' inputs, as "csv" or "jsonl", and checks them against the
	// search space; an error names the line of what is wrong. Nothing is pushed.
	ReadPoints(ctx context.Context, format string, r io.Reader) ([]rush.Values, error)
	Push(ctx context.Context, xss ...rush.Values) ([]rush.TaskKey, error)
	// Retry queues ended tasks again, all or none.
	Retry(ctx context.Context, opts RetryOptions, keys ...rush.TaskKey) error
	// Cancel fails tasks as cancelled that have not ended, all or none.
	Cancel(ctx context.Context, keys ...rush.TaskKey) error
	// Delete deletes tasks and returns how many there were. With running, running
	// ones too; without, one that runs is rush.ErrState, and none is deleted.
	Delete(ctx context.Context, running bool, keys ...rush.TaskKey) (int, error)
	Send(ctx context.Context, c rush.Command, argument any, ids ...rush.WorkerID) (rush.MessageID, []rush.WorkerID, error)
	StopWorkers(ctx context.Context, s rush.Signal, ids ...rush.WorkerID) ([]rush.WorkerID, error)
	RequestStop(ctx context.Context, status rush.RunStatus, reason string) error
	// Reset deletes all tasks; the definition stays.
	Reset(ctx context.Context) error
	// Destroy stops the workers and deletes the network.
	Destroy(ctx context.Context) error
}

// RetryOptions are for Actor.Retry.
type RetryOptions struct {
	IgnoreLimit bool `json:"ignore_limit"` // retry also what has no retries left
	NextSeed    bool `json:"next_seed"`    // draw other random numbers than before
}

// A Definition is what a network is about, for people to see: without the
// environments of commands, which may have passwords. The parts that are JSON are
// written by package search; they are null in a network that was not made from a
// search file.
type Definition struct {
	Version     int64           `json:"version"`
	Space       json.RawMessage `json:"space"` // a list of parameters
	Constraints json.RawMessage `json:"constraints"`
	Codomain    json.RawMessage `json:"codomain"` // a list of targets with their goals
	Loop        json.RawMessage `json:"loop"`
	Terminators json.RawMessage `json:"terminators"`
	Objective   json.RawMessage `json:"objective"`
	Seed        []int32         `json:"seed"`
	Rush        string          `json:"rush"`  // the version that stored it
	Limit       int64           `json:"limit"` // how many tasks may be started in all; 0 is no limit
	// Frozen says that nothing changes any more, as in an exported file.
	Frozen bool `json:"frozen"`
	// Schema declares the columns of the network's tables.
	Schema table.Schema `json:"-"`
}

// An Importance says what explains an output's variance over the space.
type Importance struct {
	Target  string      `json:"target"`
	Tasks   int         `json:"tasks"`
	Fitness *float64    `json:"r2_out_of_bag"` // of the forest that was asked; nil is unknown
	Params  []Share     `json:"parameters"`
	Pairs   []PairShare `json:"pairs"`
	Remarks []string    `json:"remarks"`
}

// A Share is what one parameter explains alone, from 0 to 1.
type Share struct {
	Name  string  `json:"name"`
	Share float64 `json:"share"`
}

// A PairShare is what two parameters explain together beyond that.
type PairShare struct {
	Names [2]string `json:"names"`
	Share float64   `json:"share"`
}
