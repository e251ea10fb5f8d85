//go:build !linux

package sqlitestore

// fullDisks returns nothing: a test cannot mount a disk here.
func fullDisks() []scarcity { return nil }
