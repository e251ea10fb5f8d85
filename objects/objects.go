package objects

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// A Backend is the store behind a network.
type Backend interface {
	ID() rush.NetworkID
	store.Objects
}

// A Store is a network's object store. Its methods may be called from any
// goroutine; those of one object at the same time, too.
type Store struct {
	net Backend

	mu     sync.Mutex // guards all below
	limits store.ObjectLimits
	known  bool // limits were read
	// What tasks captured: tasks that share it come one after the other.
	capturedHash string
	captured     map[string]any
}

// New returns the object store of a network.
func New(net Backend) *Store { return &Store{net: net} }

// Limits say where objects go by their size. They are set once for a network,
// before its workers start.
type Limits struct {
	// Inline is the largest object, in bytes, that is kept in the store
	// itself; 0 is DefaultInline, without a directory for larger ones.
	Inline int64
	// Values is the largest value of a task, in bytes, that is kept in the
	// task; a larger one becomes an object under the task's tag. 0 is Inline.
	Values int64
	// Directory is where larger objects are written; it is created. Empty:
	// larger objects are refused.
	Directory string
}

// DefaultInline is the largest object that is kept in a store whose network
// has no limits.
const DefaultInline = 256 << 20

// A Place is where an object's bytes are.
type Place = string

// The places.
const (
	Inline    Place = "inline"    // in the store itself
	Directory Place = "directory" // in a file of the network's directory
	Reference Place = "reference" // in a file of the caller's
)

// Info is what is known of an object.
type Info struct {
	Hash  string    `json:"hash"` // SHA-256, hexadecimal
	Size  int64     `json:"size"` // bytes
	Place Place     `json:"place"`
	Path  string    `json:"path,omitempty"` // of the file, unless inline
	Tags  []string  `json:"tags,omitempty"` // only in what List returns
	Put   time.Time `json:"put"`            // when it was put last, by the store's clock
}

func infoOf(o *store.Object) Info {
	return Info{
		Hash: o.Hash, Size: o.Size, Place: string(o.Place), Path: o.Path, Tags: o.Tags, Put: time.UnixMicro(o.Put).UTC(),
	}
}

// TaskTag is the tag under which a task holds its objects.
func TaskTag(key rush.TaskKey) string { return store.TaskTag(key) }

// SetLimits sets the limits of the network. They can be set once: setting the
// same again changes nothing, others are refused with rush.ErrChanged.
func (s *Store) SetLimits(ctx context.Context, l Limits) error {
	raw, err := s.checkLimits(l)
	if err != nil {
		return s.wrap("set the limits of objects", err)
	}
	if raw, err = s.net.LimitObjects(ctx, raw); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits, s.known = raw, true
	return nil
}

func (s *Store) checkLimits(l Limits) (raw store.ObjectLimits, err error) {
	switch {
	case l.Inline < 0 || l.Values < 0:
		return raw, fmt.Errorf("a limit is negative; expected a number of bytes, or 0")
	case l.Inline == 0 && l.Directory != "":
		return raw, fmt.Errorf("there is a directory, %s, but no limit above which objects go there; give Inline", l.Directory)
	case l == Limits{}:
		return raw, fmt.Errorf("no limit is given; expected Inline, Values or both")
	case l.Inline > DefaultInline:
		return raw, fmt.Errorf("objects of up to %d bytes were to be kept in the store; it takes at most %d", l.Inline, DefaultInline)
	}
	raw = store.ObjectLimits{Inline: l.Inline, Values: l.Values}
	if l.Directory != "" {
		if raw.Directory, err = filepath.Abs(l.Directory); err != nil {
			return raw, err
		}
		raw.Folder = string(s.net.ID()) + "-" + uuid.NewString()[:8]
	}
	return raw, makeDirectory(raw.Directory)
}

// Limits returns the limits; zero when none were set.
func (s *Store) Limits(ctx context.Context) (Limits, error) {
	l, err := s.readLimits(ctx)
	return Limits{Inline: l.Inline, Values: l.Values, Directory: l.Directory}, err
}

// readLimits reads the limits, which do not change once they are set.
func (s *Store) readLimits(ctx context.Context) (store.ObjectLimits, error) {
	s.mu.Lock()
	l := s.limits
	s.mu.Unlock()
	if l.Set() {
		return l, nil
	}
	l, err := s.net.ObjectLimits(ctx)
	if err == nil {
		s.mu.Lock()
		s.limits, s.known = l, true
		s.mu.Unlock()
	}
	return l, err
}

// valueLimit returns the size above which a task's value becomes an object; 0
// is none. It asks once.
func (s *Store) valueLimit(ctx context.Context) (int64, error) {
	s.mu.Lock()
	l, known := s.limits, s.known
	s.mu.Unlock()
	if !known {
		var err error
		if l, err = s.readLimits(ctx); err != nil {
			return 0, err
		}
	}
	if l.Values > 0 {
		return l.Values, nil
	}
	return l.Inline, nil
}

// Limited reports whether the network has a limit of values: whether Extract
// may find some that are too large. It asks the store once.
func (s *Store) Limited(ctx context.Context) (bool, error) {
	limit, err := s.valueLimit(ctx)
	return limit > 0, err
}

// List returns all objects by hash, with their tags.
func (s *Store) List(ctx context.Context) ([]Info, error) {
	objects, err := s.net.ListObjects(ctx)
	if err != nil {
		return nil, err
	}
	infos := make([]Info, len(objects))
	for i := range objects {
		infos[i] = infoOf(&objects[i])
	}
	return infos, nil
}

// Tags returns all tags by name.
func (s *Store) Tags(ctx context.Context) ([]string, error) { return s.net.ObjectTags(ctx) }

// Locate says where objects are, in the order of the hashes. One that does not
// exist is an error, rush.ErrNoObject, that names it.
func (s *Store) Locate(ctx context.Context, hashes ...string) ([]Info, error) {
	objects, err := s.net.Objects(ctx, hashes, false)
	if err != nil {
		return nil, err
	}
	infos := make([]Info, len(objects))
	for i := range objects {
		if objects[i].Place == "" {
			return nil, s.noObject(objects[i].Hash)
		}
		infos[i] = infoOf(&objects[i])
	}
	return infos, nil
}

// Drop takes tags away, and deletes the objects that no tag holds then; their
// hashes are returned. Unknown tags are ignored.
func (s *Store) Drop(ctx context.Context, tags ...string) ([]string, error) {
	hashes, err := s.net.DropObjectTags(ctx, tags)
	if err != nil {
		return nil, err
	}
	return hashes, s.EmptyTrash(ctx)
}

// Destroy deletes all objects and tags. The limits stay, and so do files that
// were stored by reference.
func (s *Store) Destroy(ctx context.Context) error {
	if err := s.net.DestroyObjects(ctx); err != nil {
		return err
	}
	return s.EmptyTrash(ctx)
}

func (s *Store) noObject(hash string) error {
	return fmt.Errorf("network %s: %w", s.net.ID(), &rush.ObjectError{Hash: hash, Err: rush.ErrNoObject})
}

func (s *Store) wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("network %s: %s: %w", s.net.ID(), what, err)
}
