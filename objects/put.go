package objects

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// Put stores what it reads under a tag. What is larger than the network's
// limit goes to its directory as a stream; without one it is an error, and
// nothing is written. With an empty tag nothing holds the object yet: it is
// collected by `rush doctor --repair` unless something holds it within an hour.
func (s *Store) Put(ctx context.Context, tag string, r io.Reader) (Info, error) {
	infos, err := s.put(ctx, tag, []io.Reader{r})
	if err != nil {
		return Info{}, err
	}
	return infos[0], nil
}

// PutBytes stores several objects under one tag and returns their hashes. All
// are stored or none, unless they take more than a few megabytes.
func (s *Store) PutBytes(ctx context.Context, tag string, objects ...[]byte) ([]string, error) {
	readers := make([]io.Reader, len(objects))
	for i, b := range objects {
		readers[i] = bytes.NewReader(b)
	}
	return hashesOf(s.put(ctx, tag, readers))
}

func hashesOf(infos []Info, err error) ([]string, error) {
	hashes := make([]string, len(infos))
	for i := range infos {
		hashes[i] = infos[i].Hash
	}
	return hashes, err
}

// PutFile stores a file by reference: it stays where it is, and the caller's.
// All processes that read the object must find it at that path; one that was
// changed meanwhile is an error for who reads it.
func (s *Store) PutFile(ctx context.Context, tag, path string) (Info, error) {
	o, err := describe(path)
	if err != nil {
		return Info{}, s.wrap("put the file "+path, err)
	}
	infos, err := s.record(ctx, tag, []store.Object{o})
	if err != nil {
		return Info{}, err
	}
	return infos[0], nil
}

// PutIn writes an object to a directory of the caller's choice, to a file named
// by its hash, and stores it by reference (R's store_large_object). Dropping
// its tags leaves the file.
func (s *Store) PutIn(ctx context.Context, tag, dir string, r io.Reader) (Info, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Info{}, s.wrap("put an object in "+dir, err)
	}
	if err := makeDirectory(dir); err != nil {
		return Info{}, s.wrap("put an object in "+dir, err)
	}
	o, err := offload(ctx, dir, r, func(hash string) string { return hash })
	if err != nil {
		return Info{}, s.wrap("put an object in "+dir, err)
	}
	o.Place = store.Reference
	infos, err := s.record(ctx, tag, []store.Object{o})
	if err != nil {
		return Info{}, err
	}
	return infos[0], nil
}

// batchBytes is how much data is stored in one step at most, unless one object
// alone is larger.
const batchBytes = 8 << 20

func (s *Store) put(ctx context.Context, tag string, readers []io.Reader) ([]Info, error) {
	limits, err := s.readLimits(ctx)
	if err != nil {
		return nil, err
	}
	objects := make([]store.Object, 0, len(readers))
	for i, r := range readers {
		o, err := s.prepare(ctx, limits, r)
		if err != nil {
			discard(objects)
			return nil, s.wrap(fmt.Sprintf("put object %d of %d", i+1, len(readers)), err)
		}
		objects = append(objects, o)
	}
	return s.record(ctx, tag, objects)
}

// discard removes the files of objects that are not going to be recorded.
func discard(objects []store.Object) {
	for _, o := range objects {
		if o.Place == store.Offloaded {
			_ = os.Remove(o.Path) // if it stays, doctor collects it
		}
	}
}

// record stores what was prepared, in batches.
func (s *Store) record(ctx context.Context, tag string, objects []store.Object) ([]Info, error) {
	infos := make([]Info, 0, len(objects))
	for len(objects) > 0 {
		n, size := 0, 0
		for n < len(objects) && (n == 0 || size+len(objects[n].Data) <= batchBytes) {
			size += len(objects[n].Data)
			n++
		}
		stored, err := s.net.PutObjects(ctx, tag, objects[:n])
		if err != nil {
			// Whether it was stored may be unknown: then the files have to stay.
			if refused(err) {
				discard(objects)
			}
			return infos, err
		}
		for i := range stored {
			if stored[i].Path != objects[i].Path {
				discard(objects[i : i+1]) // it was there already
			}
			infos = append(infos, infoOf(&stored[i]))
		}
		objects = objects[n:]
	}
	return infos, nil
}

// refused reports whether an error says for sure that nothing was stored.
func refused(err error) bool {
	return errors.Is(err, rush.ErrNoTask) || errors.Is(err, rush.ErrNoNetwork) || errors.Is(err, rush.ErrSchema)
}

// prepare reads an object: into memory if it is small enough for the store,
// else to a file.
func (s *Store) prepare(ctx context.Context, limits store.ObjectLimits, r io.Reader) (store.Object, error) {
	most := limits.Inline
	if most == 0 {
		most = DefaultInline
	}
	head, n, err := readHead(r, most+1)
	switch {
	case err != nil:
		return store.Object{}, fmt.Errorf("read it: %w", err)
	case n <= most:
		data := head[0]
		if len(head) > 1 {
			data = bytes.Join(head, nil)
		}
		sum := sha256.Sum256(data)
		return store.Object{Hash: hex.EncodeToString(sum[:]), Size: n, Place: store.Inline, Data: data}, nil
	case limits.Directory == "":
		return store.Object{}, fmt.Errorf("it is larger than the %d bytes that are kept in the store, and the network has no directory for larger objects: set one with its limits, or store the object by reference", most)
	}
	if err := s.makeFolder(ctx, limits.Path()); err != nil {
		return store.Object{}, err
	}
	return offload(ctx, limits.Path(), io.MultiReader(readerOf(head), r), uniqueName)
}

// readHead reads up to most bytes, at least one piece, which may be empty. It
// is read in pieces because a buffer that grows is in memory twice.
func readHead(r io.Reader, most int64) (pieces [][]byte, n int64, err error) {
	for size := int64(4 << 10); ; size = min(2*size, copyBuffer) {
		piece := make([]byte, min(size, most-n))
		got, err := io.ReadFull(r, piece)
		pieces, n = append(pieces, piece[:got]), n+int64(got)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || err == nil && n == most {
			return pieces, n, nil
		}
		if err != nil {
			return nil, n, err
		}
	}
}
