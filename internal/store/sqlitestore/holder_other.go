//go:build !linux && !darwin

package sqlitestore

// stopped reports whether a process was stopped by a signal, which cannot be
// told here.
func stopped(int) bool { return false }
