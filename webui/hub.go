package webui

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

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
	id  rush.NetworkID
	cfg *Config

	// fixed once ready is closed
	ctx      context.Context // ends with the hub
	ready    chan struct{}
	failed   error // why it could not begin
	net      Network
	def      *Definition
	follower *follower
	encoder  *table.Encoder
	snapshots
	shares  shares
	writing sync.WaitGroup // of snapshots
	seen    atomic.Int64   // when all that had changed was published, in microseconds

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
	said    map[string][]byte  // the last message of each type that new clients get
	order   []string           // of the types in said
	kick    context.CancelFunc // ends the follower's wait; nil while it does not wait
	kicked  bool
}

func newHub(cfg *Config, id rush.NetworkID) *hub {
	return &hub{
		id: id, cfg: cfg, ready: make(chan struct{}), clients: map[*client]struct{}{},
		said: map[string][]byte{}, epoch: time.Now().UnixMicro(),
	}
}

// begin reads where the network stands.
func (b *hub) begin(ctx context.Context, net Network) error {
	def, err := net.Definition(ctx)
	if err != nil {
		return err
	}
	if b.encoder, err = table.NewEncoder(&table.Options{Schema: def.Schema}); err != nil {
		return err
	}
	b.ctx, b.net, b.def = ctx, net, def
	b.snapshots.hub = b
	b.follower = newFollower(b)
	return b.follower.begin(ctx)
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
	for c := range b.clients {
		c.end()
	}
	b.mu.Unlock()
	b.writing.Wait()
	b.snapshots.drop()
}

// publish encodes rows that have changed and sends them to all clients.
func (b *hub) publish(recs []*rush.Record) error {
	rows, err := b.encoder.Encode(recs)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	f, err := newFrame(b.epoch, b.ring.last+1, rows)
	if err != nil {
		return err
	}
	b.ring.add(f)
	for c := range b.clients {
		c.send(f.message)
	}
	return nil
}

// tell sends a message to all clients. With keep, it is what a new client is told
// of that type, too.
func (b *hub) tell(kind string, v any, keep bool) {
	text, m := encodeMessage(kind, v)
	b.mu.Lock()
	defer b.mu.Unlock()
	if keep {
		if _, ok := b.said[kind]; !ok {
			b.order = append(b.order, kind)
		}
		b.said[kind] = text
	}
	for c := range b.clients {
		c.send(m)
	}
}

// tellIfNew is tell with keep, unless the same was said last.
func (b *hub) tellIfNew(kind string, v any) {
	text, _ := encodeMessage(kind, v)
	b.mu.Lock()
	same := string(b.said[kind]) == string(text)
	b.mu.Unlock()
	if !same {
		b.tell(kind, v, true)
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
		c.resync(resyncMessage(b.epoch, 0))
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
// position, or is told to take a new snapshot.
func (b *hub) join(c *client, after position) {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, hello := encodeMessage("hello", map[string]any{"epoch": b.epoch, "sequence": b.ring.last, "now_us": nowMicros()})
	c.send(hello)
	for _, kind := range b.order {
		c.send(textMessage(b.said[kind]))
	}
	switch {
	case after.none():
	case after.epoch != b.epoch || !b.ring.has(after.seq):
		c.resync(b.behind())
	default:
		for _, f := range b.ring.after(after.seq) {
			c.send(f.message)
		}
	}
	b.clients[c] = struct{}{}
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
func resyncMessage(epoch, seq int64) message {
	_, m := encodeMessage("resync", map[string]any{"epoch": epoch, "sequence": seq})
	return m
}

// textMessage is a message that was encoded before.
func textMessage(text []byte) message {
	p, err := websocket.NewPreparedMessage(websocket.TextMessage, text)
	if err != nil {
		panic(err) // only a wrong type of message is an error
	}
	return message{prepared: p, size: len(text)}
}
