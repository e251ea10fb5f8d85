// Package objects is a network's object store: values that are too large to be
// part of a task, or that many tasks share.
//
// An object is known by the SHA-256 of its bytes, and so the same value is
// stored once. Tags hold it: when the last tag that points to it is dropped, it
// is deleted. What belongs to a task is under the task's tag ([TaskTag]), which
// goes with the task.
//
//	s := net.Objects()
//	info, err := s.Put(ctx, "training data", file)
//	r, err := s.Get(ctx, info.Hash)
//	...
//	dropped, err := s.Drop(ctx, "training data")
//
// Objects are kept in the store itself up to a limit that is set once for the
// network, and in files of a directory above it; all processes of the network
// must see that directory at the same path. A file that the caller has already
// can be stored by reference. Objects are written to and read from files as
// streams, never whole in memory.
//
// It follows rrq's object_store, and rush's store_large_object.
package objects
