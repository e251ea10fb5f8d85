package store

import (
	"time"

	"github.com/rushnet/rush"
)

// A Step is what a worker delivers and asks for. The parts are applied in the
// order of the fields.
type Step struct {
	Worker rush.WorkerID
	// Nonce is the worker's own count of its steps, from 1. A step with the
	// nonce of the worker's last one gives the same answer again; its Done
	// is not applied twice. One with a smaller
	// nonce is refused with a *StaleError.
	Nonce int64
	// Program tells the programs apart that take steps as one worker; 0 if there is
	// only one. A step with the nonce of the last one that another program took is
	// no repeat: it is refused with a *StaleError.
	Program uint32
	Done    []Done
	// Pop takes the first task of the first queue in Queues that has one. Nil
	// Queues mean the worker's own queue (named by its id), then the shared
	// one. Queued tasks that would exceed the budget stay where they are and
	// are passed over; those that were taken before (retries) do not exceed it.
	Pop    bool
	Queues []string
	// Propose creates a running task, if nothing was popped.
	Propose *Proposal
	// Claim reserves a number for the worker's next proposal, if nothing was
	// popped and Propose, if given, was created: the smallest that a lost
	// worker left behind, else the next. A reserved number is taken from the
	// budget.
	Claim bool
	// Wait is how long to block when the step would get nothing: no task
	// popped, none created or rejected, no number claimed. A change of what
	// could be had, a stop, a signal to the worker and (unless Idle) the
	// network being drained end it early.
	Wait time.Duration
	// Idle says to wait on, for a push, while the network is drained.
	Idle bool
	// Interrupt ends Wait early when something can be received from it, or it
	// is closed. Nil never does.
	Interrupt <-chan struct{}
}

// A Proposal is a point that a worker wants to evaluate next.
type Proposal struct {
	Key     rush.TaskKey // that the worker claimed; NoTask: the next number
	XS      []byte
	XSExtra []byte
	rush.Options
	Spent   rush.Spent // what proposing took
	Objects []string   // as those of a NewTask; nothing of the step happens if one is not there
}

// A Turn is the answer to a Step.
type Turn struct {
	Outcomes []Outcome    // of each Done
	Task     *rush.Record // popped, now running; nil if none
	Created  rush.TaskKey // of the proposal, now running; NoTask if it was not created
	Started  int64        // when Created started, microseconds of the store's clock
	Claimed  rush.TaskKey // NoTask if none
	// Rejected says that the proposal's number is not the worker's any more.
	Rejected bool
	// Exhausted says that the budget has no room for another task now, after
	// this step, whether or not it asked for one. To a step that claims, and
	// proposes nothing, a number that a worker gave back is room: it was taken
	// from the budget before, and is claimed without taking from it again.
	Exhausted bool
	// Drained says that, after this step, nothing is running, claimed by a
	// worker or left to be popped (within the budget) by anybody: without a
	// push nothing will ever come.
	Drained bool
	// Paused says that nothing was handed out because the worker is paused.
	Paused bool
	// Stop says why the worker should end: the reason of a stop request, else
	// the signal that the worker was sent; empty to go on. Nothing was handed
	// out then, and Exhausted, Drained and Paused mean nothing.
	Stop string
}
