package webui

import (
	"context"
	"encoding/json"
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
	Created time.Time // as in its Identity
	Run     rush.Run
	Counts  rush.Counts
	Workers int       // alive
	Expires time.Time // when it will be destroyed; zero is never
	Frozen  bool      // nothing changes any more, as in an exported file
}

// An Identity tells a network from others that have or had its name.
type Identity struct {
	Name    rush.NetworkID // what it is called now
	Created time.Time      // when it was made, which never changes; zero is unknown
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
	// Identity says which network it is about by now: it may have been renamed since
	// it was opened, or deleted, and then it is about the next one of its name. It
	// fails with rush.ErrNoNetwork when there is none.
	Identity(ctx context.Context) (Identity, error)
	Definition(ctx context.Context) (*Definition, error)
	// About is what an exported file says of the network; nil is nothing.
	About(ctx context.Context) (*table.About, error)
	Counts(ctx context.Context) (rush.Counts, error)
	Run(ctx context.Context) (rush.Run, error)
	Workers(ctx context.Context) ([]rush.Worker, error)
	// Keys lists the numbers of the tasks in a state.
	Keys(ctx context.Context, state rush.State) ([]rush.TaskKey, error)
	// Tasks fails with rush.ErrNoTask when one of the tasks does not exist.
	Tasks(ctx context.Context, keys ...rush.TaskKey) ([]*rush.Task, error)
	ReadLog(ctx context.Context, from rush.Cursor, filter rush.LogFilter, max int, wait time.Duration) (rush.LogPage, error)
	TailLog(ctx context.Context, n int, filter rush.LogFilter) (rush.LogPage, error)
	// Queues lists the queues by name, the shared one first.
	Queues(ctx context.Context) ([]Queue, error)
	// QueuePart lists at most so many of the tasks of a queue, the next one first, but
	// for the first from ones.
	QueuePart(ctx context.Context, name string, from, most int64) ([]rush.TaskKey, error)
	// Place says where a task waits; the zero value for one that is in no queue.
	Place(ctx context.Context, key rush.TaskKey) (Place, error)
	// Environment are the constants, and the names of the environment variables,
	// that the network keeps for its workers. What the variables are is nobody's
	// business here: they may be passwords.
	Environment(ctx context.Context) (constants rush.Values, variables []string, err error)
	// Importance measures how much of an output's variance each parameter
	// explains; the output "" is the first objective.
	Importance(ctx context.Context, target string) (*Importance, error)
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
	// Remote says that other machines may reach the store.
	Remote bool `json:"remote"`
	// Frozen says that nothing changes any more, as in an exported file.
	Frozen bool `json:"frozen"`
	// Reports says that tasks are expected to report on their way: the search
	// stops some early by it, or some have reported already.
	Reports bool `json:"reports"`
	// Record says that the search keeps what each proposal saw, so that "rush replay"
	// can propose its points again.
	Record bool `json:"record"`
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
