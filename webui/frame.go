package webui

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// A position is a place in a hub's frames: after the frame of that sequence
// number. Sequence numbers begin at 1 in each epoch.
type position struct{ epoch, seq int64 }

// none reports whether it says nothing.
func (p position) none() bool { return p == position{} }

func (p position) String() string { return fmt.Sprintf("%d.%d", p.epoch, p.seq) }

// parsePosition reads EPOCH.SEQ; "" is no position.
func parsePosition(s string) (position, error) {
	if s == "" {
		return position{}, nil
	}
	e, n, _ := strings.Cut(s, ".")
	epoch, err := strconv.ParseInt(e, 10, 64)
	seq, err2 := strconv.ParseInt(n, 10, 64)
	if err != nil || err2 != nil || epoch <= 0 || seq < 0 {
		return position{}, badRequest("after is %s; expected EPOCH.SEQUENCE, as the header Rush-Sequence of a snapshot has it", quoted(s))
	}
	return position{epoch, seq}, nil
}

// A frame is rows that have changed, ready to be sent.
type frame struct {
	seq     int64
	message message
}

// frameRows is the kind of the frames that have rows.
const frameRows = 1

func newFrame(epoch, seq int64, rows []byte) frame {
	b := make([]byte, 17, 17+len(rows))
	b[0] = frameRows
	binary.LittleEndian.PutUint64(b[1:], uint64(epoch))
	binary.LittleEndian.PutUint64(b[9:], uint64(seq))
	b = append(b, rows...)
	return frame{seq: seq, message: message{kind: websocket.BinaryMessage, data: b, size: len(b)}}
}

// How much a ring keeps.
const (
	ringBytes  = 16 << 20
	ringFrames = 4096
)

// A ring keeps the last frames, for clients that were away for a while.
type ring struct {
	frames []frame
	bytes  int
	last   int64 // sequence number of the newest frame; 0 before the first
}

func (r *ring) add(f frame) {
	r.frames = append(r.frames, f)
	r.bytes += f.message.size
	r.last = f.seq
	drop := 0
	for drop < len(r.frames)-1 && (r.bytes > ringBytes || len(r.frames)-drop > ringFrames) {
		r.bytes -= r.frames[drop].message.size
		drop++
	}
	clear(r.frames[:drop])
	r.frames = r.frames[drop:]
}

// has reports whether every frame after a sequence number is kept.
func (r *ring) has(seq int64) bool {
	return seq <= r.last && seq >= r.last-int64(len(r.frames))
}

// after returns the frames after a sequence number that has reports true for.
func (r *ring) after(seq int64) []frame {
	return r.frames[len(r.frames)-int(r.last-seq):]
}

// A message is what clients are sent. Its data is shared by all of them, and by the
// ring, and is never changed.
type message struct {
	kind int // as package websocket has it
	data []byte
	size int // of data
}

// encodeMessage writes a text message: the JSON object that v is, with its type.
func encodeMessage(kind string, v any) message {
	body, err := json.Marshal(v)
	if err != nil || len(body) < 2 || body[0] != '{' {
		panic(fmt.Sprintf("webui: a message %q is no JSON object: %v", kind, err)) // every caller gives one
	}
	text := make([]byte, 0, len(body)+len(kind)+len(`{"type":"",`))
	text = append(append(append(text, `{"type":"`...), kind...), '"') // a name of ours
	if len(body) > 2 {
		text = append(text, ',')
	}
	text = append(text, body[1:]...)
	return message{kind: websocket.TextMessage, data: text, size: len(text)}
}

func nowMicros() int64 { return time.Now().UnixMicro() }
