package webui

import (
	"testing"
)

func TestRingKeepsTheLastFrames(t *testing.T) {
	t.Parallel()
	var r ring
	if !r.has(0) || r.has(1) || len(r.after(0)) != 0 {
		t.Error("an empty ring has what it has not")
	}
	add := func(size int) {
		r.add(frame{seq: r.last + 1, message: message{size: size}})
	}
	for range ringFrames + 10 {
		add(1)
	}
	if r.has(9) || !r.has(10) || len(r.after(r.last-3)) != 3 || r.after(r.last - 3)[0].seq != r.last-2 {
		t.Errorf("of %d frames the ring has %d", r.last, len(r.frames))
	}
	add(ringBytes)
	if !r.has(r.last-1) || r.has(r.last-2) || r.bytes != ringBytes {
		t.Errorf("after a large frame the ring has %d frames of %d bytes", len(r.frames), r.bytes)
	}
	if r.has(r.last + 1) {
		t.Error("the ring has a frame of the future")
	}
}

func TestPositions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]position{"": {}, "1.0": {1, 0}, "1795361730218069.17": {1795361730218069, 17}} {
		got, err := parsePosition(text)
		if err != nil || got != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
		if text != "" && got.String() != text {
			t.Errorf("%q is written %s", text, got)
		}
	}
	for _, text := range []string{"1", "x.1", "1.x", "-1.1", "1.-1", "0.1", "."} {
		if got, err := parsePosition(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// What waits for a slow client is dropped in favor of a resync, and what comes after
// that is kept.
func TestQueueOfASlowClient(t *testing.T) {
	t.Parallel()
	behind := message{size: 1}
	c := newClient(nil, 0, 0, func() []message { return []message{behind} })
	for range queueLength {
		c.send(message{size: 2})
	}
	c.send(message{size: 3})
	var sizes []int
	for {
		m, ok := c.next()
		if !ok {
			break
		}
		sizes = append(sizes, m.size)
	}
	if len(sizes) != 2 || sizes[0] != 1 || sizes[1] != 3 {
		t.Errorf("the queue has messages of the sizes %v; expected the resync and the last", sizes)
	}
	c.send(message{size: queueBytes})
	c.send(message{size: 5})
	if m, ok := c.next(); !ok || m.size != 1 || c.bytes != 5 {
		t.Errorf("a queue of too many bytes begins with %v, and has %d bytes more", m, c.bytes)
	}
}
