package webui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/rushnet/rush"
)

// Config says what a Handler serves, and to whom. Store is needed, and either
// Token or Open.
type Config struct {
	// Store has the networks.
	Store Store
	// Token is what whoever asks has to know: at least MinTokenBytes of text that
	// nobody guesses; see NewToken and TokenFile.
	Token string
	// Open says that there is no token, because what stands before the handler
	// knows who asks.
	Open bool
	// BasePath is the path below which the handler is mounted, such as /rush. The
	// handler strips it itself: put no http.StripPrefix before it. "" is the root.
	BasePath string
	// ReadOnly refuses every action.
	ReadOnly bool
	// Hosts are names by which the page may be asked for beside those of the
	// loopback device (localhost, 127.0.0.1, [::1], with any port), as in
	// rush.example.org or rush.example.org:8443; one without a port is meant with
	// any.
	Hosts []string
	// Origins are the origins of other pages that may open the websocket, as in
	// https://example.org; that of the page itself always may.
	Origins []string
	// StartWorkers starts workers of a network where the server runs, which outlive
	// it, and returns their ids when all are registered. Nil, or with ReadOnly, the
	// page says how to start workers and starts none.
	StartWorkers func(ctx context.Context, w WorkerStart) ([]rush.WorkerID, error)
	// Assets are the files of the page; nil are those that were built in.
	Assets fs.FS
	// Log gets a line for every action; nil discards it.
	Log *slog.Logger

	// MaxClients is how many may follow networks at the same time; 0 is 64.
	MaxClients int
	// Linger is how long a network that nobody looks at any more is followed
	// still, so that a page that is loaded anew goes on where it was; 0 is 30
	// seconds.
	Linger time.Duration
	// Pace is the shortest time between two frames; 0 is 50 ms, which is 20 a
	// second.
	Pace time.Duration
	// WriteTimeout is how long a client may take for one frame, or for one piece
	// of an answer, before the connection is given up; 0 is 20 seconds.
	WriteTimeout time.Duration

	ping time.Duration // between two pings of a websocket
}

// MinTokenBytes is how long a token has to be: 128 bits as base64.
const MinTokenBytes = 22

func (c Config) withDefaults() (Config, error) {
	if c.Store == nil {
		return c, errors.New("webui: Config.Store is nil; expected the networks to show")
	}
	if c.Open == (c.Token != "") {
		return c, errors.New("webui: expected either Config.Token, or Config.Open when somebody else checks who asks")
	}
	if !c.Open && len(c.Token) < MinTokenBytes {
		return c, fmt.Errorf("webui: the token has %d characters; expected %d or more, such as NewToken makes", len(c.Token), MinTokenBytes)
	}
	if err := c.checkNames(); err != nil {
		return c, err
	}
	if c.Assets == nil {
		c.Assets = builtIn()
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.MaxClients = cmp.Or(c.MaxClients, 64)
	c.Linger = cmp.Or(c.Linger, 30*time.Second)
	c.Pace = cmp.Or(c.Pace, 50*time.Millisecond)
	c.WriteTimeout = cmp.Or(c.WriteTimeout, 20*time.Second)
	c.ping = cmp.Or(c.ping, pingEvery)
	return c, nil
}

// checkNames checks by which names and where the page is asked for.
func (c *Config) checkNames() (err error) {
	if c.BasePath, err = checkBasePath(c.BasePath); err != nil {
		return err
	}
	for _, host := range c.Hosts {
		if err := checkHost(host); err != nil {
			return err
		}
	}
	origins := make([]string, len(c.Origins))
	for i, origin := range c.Origins {
		if origins[i], err = checkOrigin(origin); err != nil {
			return err
		}
	}
	c.Origins = origins
	return nil
}
