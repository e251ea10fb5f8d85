package redisstore

import (
	"fmt"

	"github.com/rushnet/rush"
)

// A head is the field h of a task's hash; see keys.go.
type head struct {
	state   rush.State
	attempt int
	taken   bool  // from the budget
	created int64 // µs since 1970, as the next two; 0 is never
	started int64
	ended   int64
}

// parseHead reads a head. It is read for every task, hence by hand.
func parseHead(b []byte) (h head, err error) {
	p := headParser{b: b}
	h.state = stateOf(p.next())
	h.attempt = int(p.number())
	if h.taken = p.at() == '!'; h.taken {
		p.next()
	}
	p.space()
	h.created = p.number()
	p.space()
	if delta, ok := p.delta(); ok {
		h.started, h.taken = h.created+delta, true
	}
	p.space()
	if delta, ok := p.delta(); ok {
		h.ended = h.created + delta
	}
	if p.bad || len(p.b) > 0 || h.state == "" {
		return h, fmt.Errorf("the head of a task is %q", b)
	}
	return h, nil
}

type headParser struct {
	b   []byte
	bad bool
}

func (p *headParser) at() byte {
	if len(p.b) == 0 {
		return 0
	}
	return p.b[0]
}

func (p *headParser) next() byte {
	c := p.at()
	if len(p.b) > 0 {
		p.b = p.b[1:]
	}
	return c
}

func (p *headParser) space() { p.bad = p.next() != ' ' || p.bad }

// number reads digits, of which there must be one.
func (p *headParser) number() (n int64) {
	digits := 0
	for ; p.at() >= '0' && p.at() <= '9'; digits++ {
		n = n*10 + int64(p.next()-'0')
	}
	p.bad = p.bad || digits == 0
	return n
}

// delta reads a time, which may be missing, or negative if the clock was set.
func (p *headParser) delta() (n int64, ok bool) {
	if p.at() == 0 || p.at() == ' ' {
		return 0, false
	}
	if p.at() == '-' {
		p.next()
		return -p.number(), true
	}
	return p.number(), true
}

func setHead(rec *rush.Record, b []byte, times bool) error {
	h, err := parseHead(b)
	if err != nil {
		return err
	}
	rec.State, rec.Attempt = h.state, h.attempt
	if times {
		rec.Created, rec.Started, rec.Finished = h.created, h.started, h.ended
	}
	return nil
}
