package process

import (
	"errors"
	"io"
	"os"
	"time"
)

// rest is how much is read after a pipe's time is over: a writer that has ended
// can have left that much in it (Linux: fs.pipe-max-size).
const rest = 1 << 20

// A pipe is our end of a pipe that a process writes to. It reads to the end, or
// what is there when its time is over.
type pipe struct {
	f *os.File

	// The reader's.
	left int   // of what is read once its time is over
	end  error // what the last read returned
}

func newPipe(f *os.File) *pipe { return &pipe{f: f, left: rest} }

// reader keeps a nil pipe from becoming an interface that is not nil.
func reader(p *pipe) io.ReadCloser {
	if p == nil {
		return nil
	}
	return p
}

// Read reads what the process wrote.
func (p *pipe) Read(b []byte) (n int, err error) {
	if p.end != nil {
		return 0, p.end
	}
	n, err = p.f.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		n, err = p.readRest(b)
	}
	if err != nil {
		p.end = err
		_ = p.f.Close()
	}
	return n, err
}

// readRest reads what a slow reader has not yet taken, without waiting for more.
func (p *pipe) readRest(b []byte) (int, error) {
	if p.left <= 0 {
		return 0, io.EOF
	}
	// A moment in the future: a deadline that is over lets nothing be read at all.
	if err := p.f.SetReadDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
		return 0, err
	}
	n, err := p.f.Read(b)
	p.left -= n
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = io.EOF
	}
	return n, err
}

// Close makes the writer's next write fail.
func (p *pipe) Close() error { return p.f.Close() }

// expire says that the pipe's time is over in d. Where pipes have no deadlines
// (Windows) it does nothing: all who could hold one are dead by then.
func (p *pipe) expire(d time.Duration) {
	if p != nil {
		_ = p.f.SetReadDeadline(time.Now().Add(d)) // it fails too when the reader is through
	}
}
