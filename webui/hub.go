package webui

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

// A hub follows one network for all who look at it: it reads what is new once,
// encodes it once, and gives it to every client's queue.
//
//	hubs.run
//	  begin        where the network stands
//	  follow       what changes from there on; see follower
//	    publish      rows, as frames that are numbered and kept for a while
//	    tell         everything else
type hub struct {
	id    rush.NetworkID
	cfg   *Config
	leave func(*hub) // has the next one who asks for the network get another hub

	// fixed once ready is closed
	ctx      context.Context // ends with the hub
	ready    chan struct{}
	failed   error // why it could not begin
	net      Network
	follower *follower
	snapshots
	shares   shares
	reports  reports
	starting chan struct{}             // holds a token while workers are started
	renamed  atomic.Bool               // the network has another name by now
	created  atomic.Pointer[time.Time] // when the network was made that is followed
	writing  sync.WaitGroup            // of snapshots
	seen     atomic.Pointer[time.Time] // when all that had changed was published

	encoder *table.Encoder // used by the follower

	// guarded by hubs.mu
	users  int
	linger *time.Timer

	mu      sync.Mutex // guards what follows
	stop    context.CancelFunc
	stopped bool
	epoch   int64
	ring    ring
	floor   int64 // the last frame that a client had to do without: a snapshot is to have it
	clients map[*client]struct{}
	over    bool               // it has ended: nobody joins any more
	def     *Definition        // never changed, but replaced
	said    map[string]message // the last message of each type that new clients get
	order   []string           // of the types in said
	kick    context.CancelFunc // ends the follower's wait; nil while it does not wait
	kicked  bool
}

func newHub(cfg *Config, id rush.NetworkID, leave func(*hub)) *hub {
	return &hub{
		id: id, cfg: cfg, leave: leave, ready: make(chan struct{}), clients: map[*client]struct{}{},
		said: map[string]message{}, epoch: time.Now().UnixMicro(), starting: make(chan struct{}, 1),
		reports: reports{turn: make(chan struct{}, 1)},
	}
}

// begin reads where the network stands.
func (b *hub) begin(ctx context.Context, net Network) error {
	b.ctx, b.net = ctx, net
	b.snapshots.hub = b
	if err := b.define(ctx); err != nil {
		return err
	}
	b.follower = newFollower(b)
	return b.follower.begin(ctx)
}

// define reads what the network is about, of which columns come.
func (b *hub) define(ctx context.Context) error {
	is, err := b.net.Identity(ctx)
	if err != nil {
		return err
	}
	b.created.Store(&is.Created)
	def, err := b.net.Definition(ctx)
	if err != nil {
		return err
	}
	encoder, err := table.NewEncoder(&table.Options{Schema: def.Schema})
	if err != nil {
		return err
	}
	b.encoder = encoder
	b.mu.Lock()
	defer b.mu.Unlock()
	b.def = def
	return nil
}

// definition is what the network is about. It must not be changed.
func (b *hub) definition() *Definition {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.def
}

// rename tells, once, that the network has another name by now, and has who asks for
// the old one get what has that.
func (b *hub) rename(name rush.NetworkID) {
	if b.renamed.Swap(true) {
		return
	}
	b.leave(b)
	b.tell("renamed", map[string]any{"id": name}, true)
}

// follow follows the network until ctx ends.
func (b *hub) follow(ctx context.Context) { b.follower.run(ctx) }

func (b *hub) setStop(stop context.CancelFunc) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stop = stop; b.stopped {
		stop()
	}
}

func (b *hub) stopNow() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stopped = true; b.stop != nil {
		b.stop()
	}
}

// shut ends the clients' connections and gives the snapshot back. ctx has ended.
func (b *hub) shut() {
	b.mu.Lock()
	b.over = true
	for c := range b.clients {
		c.end()
	}
	b.mu.Unlock()
	b.snapshots.end()
	b.writing.Wait()
}

// publish encodes rows that have changed and sends them to all clients.
func (b *hub) publish(recs []*rush.Record) error {
	rows, err := b.encoder.Encode(recs)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	f := newFrame(b.epoch, b.ring.last+1, rows)
	b.ring.add(f)
	for c := range b.clients {
		c.send(f.message)
	}
	return nil
}

// tell sends a message to all clients. With keep, it is what a new client is told
// of that type, too.
func (b *hub) tell(kind string, v any, keep bool) {
	m := encodeMessage(kind, v)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tellLocked(kind, m, keep)
}

func (b *hub) tellLocked(kind string, m message, keep bool) {
	if keep {
		if _, ok := b.said[kind]; !ok {
			b.order = append(b.order, kind)
		}
		b.said[kind] = m
	}
	for c := range b.clients {
		c.send(m)
	}
}

// tellIfNew is tell with keep, unless the same was said last.
func (b *hub) tellIfNew(kind string, v any) {
	m := encodeMessage(kind, v)
	b.mu.Lock()
	defer b.mu.Unlock()
	if !bytes.Equal(b.said[kind].data, m.data) {
		b.tellLocked(kind, m, true)
	}
}

// unsay has new clients not be told any more what was said of a type.
func (b *hub) unsay(kind string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.said, kind)
	b.order = slices.DeleteFunc(b.order, func(k string) bool { return k == kind })
}

// restart begins a new epoch, in which no frame has been sent: what clients have
// is worth nothing any more.
func (b *hub) restart() {
	b.snapshots.drop()
	b.mu.Lock()
	b.epoch = max(b.epoch+1, time.Now().UnixMicro())
	b.ring, b.floor = ring{}, 0
	for c := range b.clients {
		c.replace(b.afreshLocked())
	}
	b.mu.Unlock()
}

// position is the sequence number of the last frame.
func (b *hub) position() position {
	b.mu.Lock()
	defer b.mu.Unlock()
	return position{b.epoch, b.ring.last}
}

// reachable reports whether all frames after a position are kept, and nobody waits
// for something later, so that who has what was there then can catch up.
func (b *hub) reachable(p position) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return p.epoch == b.epoch && b.ring.has(p.seq) && p.seq >= b.floor
}

// join adds a client: it is told how things stand, and gets the frames after the
// position, or is told to take a new snapshot. It reports false when the hub has
// ended.
func (b *hub) join(c *client, after position) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over {
		return false
	}
	c.send(encodeMessage("hello", map[string]any{"epoch": b.epoch, "sequence": b.ring.last, "created": moment(*b.created.Load()), "now_us": nowMicros()}))
	for _, kind := range b.order {
		c.send(b.said[kind])
	}
	if !after.none() {
		if after.epoch != b.epoch || !b.ring.has(after.seq) {
			after = b.anewLocked()
			c.send(resyncMessage(after))
		}
		for _, f := range b.ring.after(after.seq) {
			c.send(f.message)
		}
	}
	b.clients[c] = struct{}{}
	return true
}

// anewLocked is from where on a client gets frames that is to take a new snapshot:
// from the newest one, if that is still of use, so that many who come at the same
// time take the same.
func (b *hub) anewLocked() position {
	at, ok := b.snapshots.standing()
	if ok && at.epoch == b.epoch && b.ring.has(at.seq) && at.seq >= b.floor && b.ring.last-at.seq <= staleFrames {
		return at
	}
	b.floor = b.ring.last
	return position{b.epoch, b.ring.last}
}

// behind is what a client is told that is too slow, in place of all that waited
// for it. The lock is held by whoever sends.
func (b *hub) behind() []message {
	b.floor = b.ring.last
	return b.afreshLocked()
}

// afreshLocked has a client take a new snapshot, and repeats what it may have missed.
func (b *hub) afreshLocked() []message {
	messages := []message{resyncMessage(position{b.epoch, b.ring.last})}
	for _, kind := range b.order {
		messages = append(messages, b.said[kind])
	}
	return messages
}

func (b *hub) part(c *client) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.clients, c)
}

// hurry has the follower look now.
func (b *hub) hurry() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kicked = true
	if b.kick != nil {
		b.kick()
	}
}

// waiting returns a context for one wait of the follower, which hurry ends.
func (b *hub) waiting(ctx context.Context, wait time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kick = cancel
	if b.kicked {
		cancel()
	}
	return ctx, func() {
		cancel()
		b.mu.Lock()
		defer b.mu.Unlock()
		b.kick, b.kicked = nil, false
	}
}

// resyncMessage tells a client that it cannot catch up.
func resyncMessage(at position) message {
	return encodeMessage("resync", map[string]any{"epoch": at.epoch, "sequence": at.seq})
}
