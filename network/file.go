package network

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/internal/store/frozenstore"
)

// IsFile reports whether a store is the path of an exported file, by its name.
func IsFile(store string) bool { return !dial.IsURL(store) && frozenstore.Is(store) }

// A File is what an exported file says of itself.
type File struct {
	Network rush.NetworkID // by its name, if it does not say it
	// Described says that the file says what its network is about. CSV, JSON lines and
	// files of other programs do not.
	Described bool
	Columns   []string // nil for JSON lines
}

// File returns what the store says of itself, if it is an exported file.
func (s *Store) File() (f File, ok bool) {
	st, ok := s.st.(*frozenstore.Store)
	if !ok {
		return File{}, false
	}
	return File{Network: st.ID(), Described: st.File().About != nil, Columns: st.File().Columns}, true
}
