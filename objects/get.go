package objects

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"

	"github.com/rushnet/rush/internal/store"
)

// Get opens an object. The reader checks what it reads: instead of io.EOF it
// ends with an error if the bytes are not those that were put. Close it. An
// object that does not exist is rush.ErrNoObject.
func (s *Store) Get(ctx context.Context, hash string) (io.ReadCloser, error) {
	const tries = 3 // the file may go away between reading where it is and opening it
	for try := 1; ; try++ {
		objects, err := s.net.Objects(ctx, []string{hash}, true)
		if err != nil {
			return nil, err
		}
		r, err := s.open(&objects[0])
		if errors.Is(err, fs.ErrNotExist) && try < tries {
			continue
		}
		return r, err
	}
}

func (s *Store) open(o *store.Object) (io.ReadCloser, error) {
	var source io.ReadCloser
	switch o.Place {
	case "":
		return nil, s.noObject(o.Hash)
	case store.Inline:
		source = io.NopCloser(bytes.NewReader(o.Data))
	default:
		f, err := os.Open(o.Path)
		if err != nil {
			return nil, s.wrap("get object "+o.Hash, err)
		}
		source = f
	}
	return &verified{source: source, object: o, hash: sha256.New(), left: o.Size}, nil
}

// verified is a reader that knows what it is to read.
type verified struct {
	source io.ReadCloser
	object *store.Object
	hash   hash.Hash
	left   int64
}

func (v *verified) Read(p []byte) (int, error) {
	n, err := v.source.Read(p)
	v.hash.Write(p[:n])
	if v.left -= int64(n); v.left < 0 {
		return 0, v.changed(fmt.Sprintf("is longer than the %d bytes that were put", v.object.Size))
	}
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	switch {
	case v.left > 0:
		return n, v.changed(fmt.Sprintf("is %d bytes shorter than the %d that were put", v.left, v.object.Size))
	case hex.EncodeToString(v.hash.Sum(nil)) != v.object.Hash:
		return n, v.changed("has other bytes than were put")
	}
	return n, io.EOF
}

func (v *verified) changed(how string) error {
	what := "what the store has of it"
	if v.object.Path != "" {
		what = "its file " + v.object.Path
	}
	return fmt.Errorf("object %s was changed: %s %s", v.object.Hash, what, how)
}

func (v *verified) Close() error { return v.source.Close() }

// Bytes reads several objects, in the order of the hashes. One that does not
// exist is an error, rush.ErrNoObject, that names it.
func (s *Store) Bytes(ctx context.Context, hashes ...string) ([][]byte, error) {
	objects, err := s.net.Objects(ctx, hashes, true)
	if err != nil {
		return nil, err
	}
	all := make([][]byte, len(objects))
	for i := range objects {
		if all[i], err = s.bytes(ctx, &objects[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// bytes reads one object.
func (s *Store) bytes(ctx context.Context, o *store.Object) ([]byte, error) {
	r, err := s.open(o)
	if errors.Is(err, fs.ErrNotExist) {
		r, err = s.Get(ctx, o.Hash)
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b := bytes.NewBuffer(make([]byte, 0, o.Size+bytes.MinRead))
	if _, err := b.ReadFrom(&canceled{ctx, r}); err != nil {
		return nil, s.wrap("get object "+o.Hash, err)
	}
	return b.Bytes(), nil
}
