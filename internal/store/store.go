// Package store is where all of a network's processes meet: the verbs with
// which tasks, workers and runs change, as one interface with two drivers.
//
// Package dial opens a driver by URL. The rules that every driver keeps, and
// that package storetest checks on both:
//
//   - A verb is one atomic step: it happens or it does not, whoever dies.
//   - First writer wins. A task leaves a state only if it is in it.
//   - A verb may be repeated, because replies get lost: the second time it
//     changes nothing and gives the same answer.
//   - Waiting blocks on a hint of the store and then reads by offset or
//     state; a lost hint costs a bounded delay and never a result.
//   - Errors wrap the values of package rush and name the network; an error
//     of the connection names the store's address without its password.
//   - All times are the store's clock (the machine's, for the embedded one).
//
// Everything here is safe for concurrent use.
package store

import (
	"context"
	"time"

	"github.com/rushnet/rush"
)

// Schema is the version of what drivers write. A network of another version
// is refused with rush.ErrSchema.
const Schema = 1

// A Store holds any number of networks.
type Store interface {
	// Network returns a handle on a network, which need not exist: only
	// Define and Register create one. It makes no round trip by itself; verbs
	// on a network that does not exist return rush.ErrNoNetwork unless they
	// say otherwise.
	Network(id rush.NetworkID) Network

	// Networks lists the networks of the store by name.
	Networks(ctx context.Context) ([]NetworkInfo, error)

	// Rename gives a network another name; handles that are in use anywhere
	// go on with the network that they were opened for. ErrNoNetwork,
	// ErrExists.
	Rename(ctx context.Context, from, to rush.NetworkID) error

	// Destroy deletes a network and all that belongs to it. Deleting one that
	// does not exist does nothing.
	Destroy(ctx context.Context, id rush.NetworkID) error

	// Expire has a network destroyed when that time is over: from then on no
	// verb finds it, and who opens the store, lists its networks or creates
	// one of that name deletes what is left. 0 or less takes it back.
	// ErrNoNetwork.
	Expire(ctx context.Context, id rush.NetworkID, after time.Duration) error

	// RepairNetworks mends what concerns more than one network: names that
	// nothing is behind, networks that are in no list, rows and keys of
	// networks that do not exist. It says what it did, a sentence each, and
	// nothing when all is well. It may be called at any time; a network that
	// lost its counters needs its own Repair afterwards.
	RepairNetworks(ctx context.Context) ([]string, error)

	Folders

	// Ping makes one round trip.
	Ping(ctx context.Context) error

	// Info describes the store's server or file: name and value, in a fixed
	// order (product, version, address, size, ...).
	Info(ctx context.Context) ([][2]string, error)

	// Address is the store's URL or path without its password.
	Address() string

	Close() error
}

// NetworkInfo is a line of the list of networks.
type NetworkInfo struct {
	ID      rush.NetworkID
	Created time.Time
	Run     rush.Run
	Counts  rush.Counts
	Workers int       // alive
	Expires time.Time // when it will be destroyed; zero is never
}

// A Network is one network's share of a store, in groups of verbs.
type Network interface {
	ID() rush.NetworkID
	Control
	Tasks
	Queues
	Archive
	Workers
	Documents
	Hashes
	Points
	Progress
	Objects
	Logs
	Messages
}
