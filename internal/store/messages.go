package store

import (
	"context"
	"time"

	"github.com/rushnet/rush"
)

// Messages is what workers are told and what they answer. A worker takes its
// messages in the order in which they were sent; a message stays until it is
// answered. Ending a worker answers what it has not answered, with an error,
// so that nobody waits for ever.
type Messages interface {
	// Send leaves a message for each of the workers that is alive, and wakes
	// them; nil means all. If nobody is alive none is sent and the id is 0.
	// The same nonce, which must not be empty, gives the same answer and sends
	// nothing.
	Send(ctx context.Context, m NewMessage, nonce string) (Sent, error)

	// AwaitMail blocks until a worker has a signal other than the one, or a
	// message after the one, that its reader has seen, or until wait is over.
	// Reading takes nothing away. ErrLost if the worker is not alive.
	AwaitMail(ctx context.Context, id rush.WorkerID, seen Seen, wait time.Duration) (Mail, error)

	// Respond answers a message in a worker's name and takes it out of the
	// worker's mail. The first answer stays: responding to one that has been
	// answered or was never sent changes nothing.
	Respond(ctx context.Context, id rush.WorkerID, r Answer) error

	// Responses reads the responses of the workers to a message, by worker;
	// nil means all to whom it was sent. It waits up to wait until none is
	// pending. ErrNoResponse names a worker that it was not sent to or whose
	// response was deleted; with nil, if there are none at all.
	Responses(ctx context.Context, message rush.MessageID, ids []rush.WorkerID, wait time.Duration) ([]Response, error)

	// DeleteResponses deletes the responses of the workers to a message; nil
	// means all. A message whose response is pending is taken back: if the
	// worker has read it already its response is dropped. Deleting what is not
	// there does nothing.
	DeleteResponses(ctx context.Context, message rush.MessageID, ids []rush.WorkerID) error

	// ResponseIDs lists the messages to which a worker, alive or not, has
	// responded, ascending.
	ResponseIDs(ctx context.Context, id rush.WorkerID) ([]rush.MessageID, error)
}

// A NewMessage is a message to be sent.
type NewMessage struct {
	Command  rush.Command
	Argument []byte          // a MessagePack value, or nil
	To       []rush.WorkerID // nil is all who are alive
}

// Sent says what Send did.
type Sent struct {
	ID rush.MessageID  // 0: nobody was alive
	To []rush.WorkerID // in no order
}

// Seen is what the reader of a worker's mail knows already. The zero value is
// nothing.
type Seen struct {
	Signal  rush.Signal
	Message rush.MessageID // the last one
}

// Mail is what a worker is told: its signal, and the messages after those that
// were seen, in the order in which they were sent.
type Mail struct {
	Signal   rush.Signal
	Messages []Message
}

// A Message is one that a worker has not answered yet.
type Message struct {
	ID       rush.MessageID
	Command  rush.Command
	Argument []byte // a MessagePack value, or nil
}

// An Answer is a worker's response to a message.
type Answer struct {
	Message rush.MessageID
	Failed  bool   // Body is the text of an error
	Body    []byte // a MessagePack value
}

// A Response is what a worker responded, if it did.
type Response struct {
	Worker  rush.WorkerID
	Pending bool // it did not yet; the rest is zero
	Failed  bool // Body is the text of an error
	Body    []byte
	At      int64 // microseconds of the store's clock
}
