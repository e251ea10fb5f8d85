package loops

import (
	"context"
	"log/slog"
	"math/rand/v2"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/seeds"
)

// An Objective scores points. Evaluate may be called by several workers of
// one process at once.
//
// It returns the outputs by name: those that the codomain names are the
// task's ys, all others are extras. An error fails the task; if it is, or
// wraps, a *rush.Condition, that is the task's condition as it stands, else its
// text is the message of a condition of class error. A panic fails the task
// too. When ctx ends Evaluate should return soon: the task's timeout is over,
// or the worker is to end.
type Objective interface {
	Evaluate(ctx context.Context, e *Evaluation) (rush.Values, error)
}

// A Prompt objective returns soon whatever happens: a formula, for instance, or a
// function that never waits for long but for its ctx. It is called as any function is.
// Every other objective has a goroutine for each evaluation, so that one that goes on
// when its ctx has ended can be left alone; that takes about a microsecond. A worker
// cannot be freed of a Prompt objective that does not return.
type Prompt interface {
	Objective
	Prompt()
}

// An ObjectiveFunc is a function that serves as an Objective.
type ObjectiveFunc func(ctx context.Context, e *Evaluation) (rush.Values, error)

// Evaluate calls f.
func (f ObjectiveFunc) Evaluate(ctx context.Context, e *Evaluation) (rush.Values, error) {
	return f(ctx, e)
}

// An Evaluation is one call of an objective: the point and what is known
// around it. It belongs to the call.
type Evaluation struct {
	XS        rush.Values // the point, in natural units
	Constants rush.Values // the same for every point, and what the task captured; shared, not to be changed

	Network rush.NetworkID
	Worker  rush.WorkerID
	Task    rush.TaskKey
	Attempt int // 1 for the first

	// Options of the task: an objective that starts a process observes
	// Timeout through ctx.
	Options rush.Options

	// Stream is the random-number stream of the task's objective: the same
	// for this task number whoever evaluates it, and another one for a retry
	// that was asked to change it.
	Stream seeds.Stream

	// Progressed makes a value known as the task's progress; nil outside of a
	// task. Objectives call Progress or TryProgress instead.
	Progressed func(ctx context.Context, value any) error

	// Reporter takes intermediate values and says when to stop early; nil outside
	// of a task. Objectives call Report and ShouldStop instead.
	Reporter Reporter

	// Checkpointer keeps checkpoints; nil where there is no use for them. Objectives
	// call SaveCheckpoint and Checkpoint instead, those in processes of their own
	// CheckpointFiles.
	Checkpointer Checkpointer

	// Crashes is how many crashes in a row are borne of an objective that has
	// processes of its own, before it is [Unusable]; 0 is any number.
	Crashes int

	// Log takes what the objective wants to tell; never nil.
	Log *slog.Logger

	// Scratch is a directory for files that are of no use once the worker has
	// ended, whichever way: they are removed then. "" is the system's directory
	// for temporary files.
	Scratch string

	// Output takes what a program that the objective runs prints, line by line;
	// stream is stdout or stderr. Nil when nobody wants it. It may be called from
	// several goroutines, and a moment after the evaluation.
	Output func(stream, line string)
}

// Rand returns a generator at the beginning of the task's stream. Every call
// begins again.
func (e *Evaluation) Rand() *rand.Rand { return rand.New(e.Stream.Generator()) }
