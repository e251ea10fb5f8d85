package faultstore

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
)

// A Point is the n-th time (from 1) that a process is at a boundary: at that
// one or, when its Verb is empty, at any.
type Point struct {
	Boundary
	Nth int64
}

// String is what ParsePoint reads, such as "3 after Next", "1 before Beat" or
// "17".
func (p Point) String() string {
	if p.Verb == "" {
		return strconv.FormatInt(p.Nth, 10)
	}
	return fmt.Sprintf("%d %v", p.Nth, p.Boundary)
}

// ParsePoint reads what String wrote.
func ParsePoint(s string) (Point, error) {
	nth, where, _ := strings.Cut(s, " ")
	n, err := strconv.ParseInt(nth, 10, 64)
	if err != nil {
		return Point{}, fmt.Errorf("fault point %q: %w", s, err)
	}
	p := Point{Nth: n}
	if where != "" {
		when, verb, _ := strings.Cut(where, " ")
		p.Boundary = Boundary{Verb: verb, After: when == "after"}
	}
	return p, nil
}

// Kill returns a hook that ends the process, as kill -9 does, when it comes to
// the point. It calls last before; nil does nothing.
func Kill(at Point, last func()) Hook {
	var seen atomic.Int64
	return func(b Boundary) {
		if (at.Verb == "" || at.Boundary == b) && seen.Add(1) == at.Nth {
			if last != nil {
				last()
			}
			kill()
		}
	}
}

// kill does not return.
func kill() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	select {} // until the signal is here
}
