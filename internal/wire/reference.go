package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"github.com/tinylib/msgp/msgp"

	"github.com/rushnet/rush"
)

// A reference is a MessagePack extension of our own: the 32 bytes of the hash,
// and the size in 8.
const (
	referenceType = 0x4f
	hashSize      = 32
	referenceSize = hashSize + 8
)

// referenceMark is how a reference begins: ext 8, its size, its type.
var referenceMark = []byte{0xc7, referenceSize, referenceType}

// HasReference reports whether encoded values may have a reference among them.
// It is never wrong about those that have one.
func HasReference(b []byte) bool { return bytes.Contains(b, referenceMark) }

// IsReference reports whether b begins with a reference.
func IsReference(b []byte) bool { return bytes.HasPrefix(b, referenceMark) }

// ReadReference reads the reference that b begins with.
func ReadReference(b []byte) (r rush.Reference, rest []byte, err error) {
	if len(b) < len(referenceMark)+referenceSize {
		return r, b, msgp.ErrShortBytes
	}
	body, rest := b[len(referenceMark):len(referenceMark)+referenceSize], b[len(referenceMark)+referenceSize:]
	r.Hash = hex.EncodeToString(body[:hashSize])
	r.Size = int64(binary.BigEndian.Uint64(body[hashSize:]))
	return r, rest, nil
}

func appendReference(b []byte, r rush.Reference) ([]byte, error) {
	hash, err := hex.DecodeString(r.Hash)
	if err != nil || len(hash) != hashSize {
		return nil, fmt.Errorf("%q is not the hash of an object; expected %d hexadecimal digits", r.Hash, 2*hashSize)
	}
	b = append(append(b, referenceMark...), hash...)
	return binary.BigEndian.AppendUint64(b, uint64(r.Size)), nil
}
