package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rushnet/rush"
)

// Objects is the network's object store: values that are too large, or shared
// by too many, to be part of a task. An object is known by the SHA-256 of its
// bytes, in hexadecimal, and so is stored once; it stays while a tag holds it.
//
// The tag of a task (see TaskTag) goes with the task: whatever deletes it drops
// the tag. Only what an object is, and inline ones themselves, are here. The
// files of the others are written before PutObjects and deleted after they
// appear in ObjectTrash, so that there is never a record without its file.
type Objects interface {
	// LimitObjects sets the limits of the network, once: other limits than
	// those that are set are refused with ErrChanged, which names both. It
	// returns what is set; Folder is that of the first call.
	LimitObjects(ctx context.Context, limits ObjectLimits) (ObjectLimits, error)

	// ObjectLimits returns the limits; zero when none were set.
	ObjectLimits(ctx context.Context) (ObjectLimits, error)

	// PutObjects stores objects under a tag and returns how each is stored
	// now, without its data: as it was before, if it was there, unless that
	// was a reference and this is not. Without a tag nothing holds them yet:
	// a task that is created with them is about to. The tag of a task that
	// does not exist is refused with ErrNoTask, and nothing is stored.
	PutObjects(ctx context.Context, tag string, objects []Object) ([]Object, error)

	// Objects reads objects by hash, in the order given, with or without the
	// data of inline ones. One that does not exist has no Place.
	Objects(ctx context.Context, hashes []string, data bool) ([]Object, error)

	// ListObjects lists all objects by hash, with their tags and without data.
	ListObjects(ctx context.Context) ([]Object, error)

	// ObjectTags lists the tags by name.
	ObjectTags(ctx context.Context) ([]string, error)

	// DropObjectTags takes tags away, and deletes the objects that no tag
	// holds then. It returns their hashes, sorted. Unknown tags are ignored.
	DropObjectTags(ctx context.Context, tags []string) ([]string, error)

	// CollectObjects deletes the objects that no tag holds and that were put
	// longer ago than age: those of whoever died before it could use them.
	// It returns their hashes, sorted.
	CollectObjects(ctx context.Context, age time.Duration) ([]string, error)

	// DestroyObjects deletes all objects and tags. The limits stay.
	DestroyObjects(ctx context.Context) error

	// ObjectTrash lists the files of deleted objects that are to be removed.
	ObjectTrash(ctx context.Context) ([]string, error)

	// EmptyObjectTrash takes files that were removed off that list.
	EmptyObjectTrash(ctx context.Context, paths []string) error
}

// ObjectLimits say where objects go by their size.
type ObjectLimits struct {
	// Inline is the largest object, in bytes, that is kept in the store
	// itself; 0 is no limit.
	Inline int64
	// Values is the largest value, in bytes, that is kept in a task; larger
	// ones become objects. 0 is Inline.
	Values int64
	// Directory is where larger objects are written; empty: nowhere.
	Directory string
	// Folder is the part of Directory that is the network's own.
	Folder string
}

// Same reports whether both say the same; the folder is the store's business.
func (l ObjectLimits) Same(m ObjectLimits) bool {
	return l.Inline == m.Inline && l.Values == m.Values && l.Directory == m.Directory
}

// Refused says why these limits cannot be set where others are; nil if they
// are the same.
func (l ObjectLimits) Refused(set ObjectLimits) error {
	if l.Same(set) {
		return nil
	}
	return fmt.Errorf("%w: the limits of its objects are set to %v, once and for all; they cannot become %v", rush.ErrChanged, set, l)
}

// String says what the limits are.
func (l ObjectLimits) String() string {
	text := "no limit"
	if l.Inline > 0 {
		text = fmt.Sprintf("%d bytes inline", l.Inline)
	}
	if l.Values > 0 {
		text += fmt.Sprintf(", %d bytes in a task", l.Values)
	}
	if l.Directory == "" {
		return text + ", no directory"
	}
	return text + ", directory " + l.Directory
}

// Set reports whether there are limits.
func (l ObjectLimits) Set() bool { return l != ObjectLimits{} }

// A Place is where an object's bytes are.
type Place string

// The places. The values are stored.
const (
	Inline    Place = "inline"    // in the store itself
	Offloaded Place = "directory" // in a file of the network's folder
	Reference Place = "reference" // in a file that is the caller's
)

// An Object is what is known of one.
type Object struct {
	Hash  string
	Size  int64  // bytes
	Place Place  // "" says that there is no such object
	Path  string // of the file, unless inline
	Data  []byte // if inline, and asked for
	Tags  []string
	Put   int64 // when it was put last, microseconds of the store's clock
}

// taskTag is how the tags of tasks begin.
const taskTag = "task:"

// TaskTag returns the tag under which a task holds its objects.
func TaskTag(key rush.TaskKey) string { return taskTag + key.String() }

// TaskOfTag returns the task whose tag it is; NoTask if it is no task's.
func TaskOfTag(tag string) rush.TaskKey {
	number, ok := strings.CutPrefix(tag, taskTag)
	if !ok {
		return rush.NoTask
	}
	key, err := rush.ParseTaskKey(number)
	if err != nil || key.String() != number {
		return rush.NoTask
	}
	return key
}
