package sqlitestore

import (
	"encoding/binary"

	"github.com/rushnet/rush"
)

// encodeKeys packs task numbers: each as the difference to the one before, a
// signed varint, so that a run of numbers takes a byte each. None give nil.
func encodeKeys(keys []rush.TaskKey) []byte {
	var b []byte
	last := rush.TaskKey(0)
	for _, key := range keys {
		b = binary.AppendVarint(b, int64(key-last))
		last = key
	}
	return b
}

// decodeKeys reads what encodeKeys wrote.
func decodeKeys(b []byte) []rush.TaskKey {
	var keys []rush.TaskKey
	last := rush.TaskKey(0)
	for len(b) > 0 {
		difference, n := binary.Varint(b)
		if n <= 0 {
			return keys
		}
		last += rush.TaskKey(difference)
		keys, b = append(keys, last), b[n:]
	}
	return keys
}

// encodeSeed packs a seed; nil gives nil.
func encodeSeed(seed []int32) []byte {
	var b []byte
	for _, v := range seed {
		b = binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	return b
}

// decodeSeed reads what encodeSeed wrote.
func decodeSeed(b []byte) []int32 {
	var seed []int32
	for ; len(b) >= 4; b = b[4:] {
		seed = append(seed, int32(binary.LittleEndian.Uint32(b)))
	}
	return seed
}
