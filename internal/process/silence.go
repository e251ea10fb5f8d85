package process

import (
	"io"
	"time"
)

// A Silence is over when nobody has broken it for a while. Any goroutine may
// call its methods.
type Silence struct {
	limit time.Duration
	timer *time.Timer // nil: it is never over
}

// NewSilence begins a silence that may last for limit; 0 is for ever.
func NewSilence(limit time.Duration) *Silence {
	if limit <= 0 {
		return &Silence{}
	}
	return &Silence{limit, time.NewTimer(limit)}
}

// Break begins it anew.
func (s *Silence) Break() {
	if s.timer != nil {
		s.timer.Reset(s.limit)
	}
}

// Over gets a value when the silence has lasted for its limit.
func (s *Silence) Over() <-chan time.Time {
	if s.timer == nil {
		return nil
	}
	return s.timer.C
}

// Stop frees what it needs; it is never over then.
func (s *Silence) Stop() {
	if s.timer != nil {
		s.timer.Stop()
	}
}

// Reader returns a reader of r that breaks the silence with whatever it reads.
func (s *Silence) Reader(r io.Reader) io.Reader { return silenceReader{s, r} }

type silenceReader struct {
	silence *Silence
	r       io.Reader
}

func (r silenceReader) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	if n > 0 {
		r.silence.Break()
	}
	return n, err
}
