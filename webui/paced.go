package webui

import (
	"bufio"
	"net"
	"net/http"
	"time"
)

// pieceBytes is the most that is written by one deadline.
const pieceBytes = 256 << 10

// A pacedWriter gives up a client that takes longer than a limit for a piece of an
// answer; however large an answer is, and however long it takes to be found out.
type pacedWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration
	began   bool // something was written, or the connection is somebody else's
}

func newPacedWriter(w http.ResponseWriter, limit time.Duration) *pacedWriter {
	p := &pacedWriter{ResponseWriter: w, control: http.NewResponseController(w), limit: limit}
	p.extend()
	return p
}

// extend has the connection be given up a limit from now. Servers that cannot do that
// have their own ways.
func (p *pacedWriter) extend() { _ = p.control.SetWriteDeadline(time.Now().Add(p.limit)) }

// ignoreBody has the connection end with the answer, soon also if the body of the
// request, which nobody reads, never comes.
func (p *pacedWriter) ignoreBody() {
	p.Header().Set("Connection", "close")
	_ = p.control.SetReadDeadline(time.Now().Add(time.Second))
}

// WriteHeader is that of http.ResponseWriter.
func (p *pacedWriter) WriteHeader(status int) {
	p.began = true
	p.extend()
	p.ResponseWriter.WriteHeader(status)
}

// Write is that of http.ResponseWriter.
func (p *pacedWriter) Write(b []byte) (n int, err error) {
	p.began = true
	for first := true; first || len(b) > 0; first = false {
		p.extend()
		some, err := p.ResponseWriter.Write(b[:min(pieceBytes, len(b))])
		n += some
		if err != nil {
			return n, err
		}
		b = b[some:]
	}
	return n, nil
}

// Hijack is that of http.Hijacker, for websockets.
func (p *pacedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	p.began = true
	return p.control.Hijack()
}

// Unwrap is for http.ResponseController.
func (p *pacedWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }
