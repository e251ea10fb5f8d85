package webui

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/rushnet/rush"
)

// live is the websocket: the guard has checked who asks, and from which page.
func (h *Handler) live(w http.ResponseWriter, r *http.Request) error {
	after, err := parsePosition(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	if !websocket.IsWebSocketUpgrade(r) {
		return badRequest("expected the request for a websocket, found a plain one")
	}
	if err := h.hubs.admit(); err != nil {
		return err
	}
	defer h.hubs.leave()
	b, err := h.hubs.hub(r.Context(), rush.NetworkID(r.PathValue("id")))
	if err != nil {
		return err
	}
	defer h.hubs.release(b)
	up := websocket.Upgrader{
		HandshakeTimeout: h.cfg.WriteTimeout, ReadBufferSize: 1 << 10, WriteBufferSize: 1 << 10,
		CheckOrigin: h.originAllowed,
		Error:       func(http.ResponseWriter, *http.Request, int, error) {}, // the caller answers
	}
	conn, err := up.Upgrade(w, r, nil)
	var wrong websocket.HandshakeError
	if errors.As(err, &wrong) {
		return badRequest("open the websocket: %v", err)
	}
	if err != nil {
		return nil // the connection is gone
	}
	defer conn.Close()
	b.serve(newClient(conn, h.cfg.WriteTimeout, h.cfg.ping, b.behind), after)
	return nil
}

// serve serves a client until one of both sides ends.
func (b *hub) serve(c *client, after position) {
	if !b.join(c, after) {
		c.end()
	}
	defer b.part(c)
	var writing sync.WaitGroup
	writing.Go(func() {
		c.writeAll()
		_ = c.conn.Close() // ends the reading
	})
	b.read(c)
	c.end()
	writing.Wait()
}

// read obeys what the client asks for, until the connection ends.
func (b *hub) read(c *client) {
	c.conn.SetReadLimit(mostRead)
	alive := func(string) error { return c.conn.SetReadDeadline(time.Now().Add(3 * c.every)) }
	c.conn.SetPongHandler(alive)
	began := time.Now()
	for n := 1; alive("") == nil; n++ {
		if n%mostAsked == 0 {
			pause(b.ctx, time.Second-time.Since(began))
			began = time.Now()
		}
		_, body, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		var asked struct {
			Type   string `json:"type"`
			On     bool   `json:"on"`
			Level  string `json:"level"`
			Worker string `json:"worker"`
		}
		if err := json.Unmarshal(body, &asked); err != nil {
			b.reply(c, errorMessage("expected a JSON object, found "+quoted(string(body))))
			continue
		}
		switch asked.Type {
		case "ping":
			b.reply(c, encodeMessage("pong", map[string]any{"now_us": nowMicros()}))
		case "logs":
			filter, err := logFilter(asked.Level, asked.Worker)
			if err != nil {
				b.reply(c, errorMessage(err.Error()))
				continue
			}
			b.followLogs(c, asked.On, filter)
		default:
			b.reply(c, errorMessage("expected a message of type logs or ping, found "+quoted(asked.Type)))
		}
	}
}

// reply sends a message to one client.
func (b *hub) reply(c *client, m message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.send(m)
}

func errorMessage(text string) message {
	return encodeMessage("error", map[string]any{"message": text})
}

// followLogs has a client get the entries of the log from now on, or no more.
func (b *hub) followLogs(c *client, on bool, filter *rush.LogFilter) {
	c.mu.Lock()
	if c.logs = nil; on {
		c.logs = filter
	}
	c.mu.Unlock()
	b.follower.logs.changed()
}

// logFilter reads a level and a worker, either of which may be empty.
func logFilter(level, worker string) (*rush.LogFilter, error) {
	f := &rush.LogFilter{}
	if level != "" {
		var l slog.Level
		if err := l.UnmarshalText([]byte(level)); err != nil {
			return nil, badRequest("the level is %s; expected debug, info, warn or error", quoted(level))
		}
		f.Level = l
	}
	for _, id := range strings.Split(worker, ",") {
		if id != "" {
			f.Workers = append(f.Workers, rush.WorkerID(id))
		}
	}
	return f, nil
}
