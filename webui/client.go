package webui

import (
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/rushnet/rush"
)

const (
	// queueBytes and queueLength are how much may wait for a client: more than a
	// ring has, so that a client that catches up is not slow by that.
	queueBytes  = 2 * ringBytes
	queueLength = 2 * ringFrames
	// pingEvery is how often a connection is tried; a client that is silent for
	// three times that is gone.
	pingEvery = 20 * time.Second
	// mostRead is the longest message of a client, and mostAsked how many are read
	// in a second: who sends more waits.
	mostRead  = 16 << 10
	mostAsked = 50
)

// A client is one connection. What is for it waits in a queue of its own: who
// sends never waits.
type client struct {
	conn  *websocket.Conn
	write time.Duration // the longest time for one message
	every time.Duration // between two pings
	wake  chan struct{} // holds a token while there is something to write
	done  chan struct{} // closed when the connection has to end
	once  sync.Once

	mu     sync.Mutex // guards what follows
	queue  []message
	bytes  int
	logs   *rush.LogFilter  // of the log that it follows; nil is none
	behind func() []message // what a client is told that is too slow
}

func newClient(conn *websocket.Conn, write, every time.Duration, behind func() []message) *client {
	return &client{conn: conn, write: write, every: every, wake: make(chan struct{}, 1), done: make(chan struct{}), behind: behind}
}

// send puts a message into the queue. A client that is too far behind loses its
// queue and is told to take a new snapshot.
func (c *client) send(m message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bytes+m.size > queueBytes || len(c.queue) >= queueLength {
		c.replaceLocked(c.behind())
	}
	c.pushLocked(m)
}

// replace puts messages in place of the queue.
func (c *client) replace(messages []message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.replaceLocked(messages)
}

func (c *client) replaceLocked(messages []message) {
	c.queue, c.bytes = nil, 0
	for _, m := range messages {
		c.pushLocked(m)
	}
}

func (c *client) pushLocked(m message) {
	c.queue = append(c.queue, m)
	c.bytes += m.size
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// next takes the oldest message.
func (c *client) next() (m message, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 {
		return message{}, false
	}
	m = c.queue[0]
	c.queue[0] = message{}
	c.queue = c.queue[1:]
	c.bytes -= m.size
	return m, true
}

// end has the connection end, soon also if the client reads nothing.
func (c *client) end() {
	c.once.Do(func() {
		close(c.done)
		time.AfterFunc(time.Second, func() { _ = c.conn.Close() }) // ends a write that is stuck
	})
}

// writeAll writes what the queue gets, until the connection ends or the client
// takes too long for a message.
func (c *client) writeAll() {
	ping := time.NewTicker(c.every)
	defer ping.Stop()
	for {
		select {
		case <-c.wake:
			if !c.drain() {
				return
			}
		case <-ping.C:
			if c.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(c.write)) != nil {
				return
			}
		case <-c.done:
			bye := websocket.FormatCloseMessage(websocket.CloseGoingAway, "the server is ending")
			_ = c.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second)) // a courtesy
			return
		}
	}
}

func (c *client) drain() bool {
	for {
		m, ok := c.next()
		if !ok {
			return true
		}
		if c.conn.SetWriteDeadline(time.Now().Add(c.write)) != nil || c.conn.WriteMessage(m.kind, m.data) != nil {
			return false
		}
		select {
		case <-c.done:
			return true // the loop says goodbye
		default:
		}
	}
}

// follows returns the filter of the log that the client follows, nil if it
// follows none.
func (c *client) follows() *rush.LogFilter {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.logs
}
