package network

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rushnet/rush"
)

// A memory says which networks were used last. It is kept in the data
// directory, readable by its user only: a store's URL may have a password.
type memory struct {
	Store    string                    `json:"store"`    // used last
	Networks map[string]rush.NetworkID `json:"networks"` // used last, by store
}

func memoryFile() (string, error) {
	dir, err := DataDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "last.json"), nil
}

// recall reads the memory; a missing or torn one is empty.
func recall() memory {
	var m memory
	if file, err := memoryFile(); err == nil {
		if b, err := os.ReadFile(file); err == nil {
			_ = json.Unmarshal(b, &m)
		}
	}
	if m.Networks == nil {
		m.Networks = map[string]rush.NetworkID{}
	}
	return m
}

// Remember notes in the user's data directory that a network was used, so that
// DefaultNetwork finds it; of two at the same time one may get lost. The rush
// command calls it for each network that it uses; a program calls it if the
// user is to find its network so. Open does not.
func Remember(store string, id rush.NetworkID) error {
	url, err := ResolveStore(store)
	if err != nil {
		return fmt.Errorf("note that network %s was used: %w", id, err)
	}
	m := recall()
	m.Store, m.Networks[url] = url, id
	file, err := memoryFile()
	if err == nil {
		var b []byte
		if b, err = json.MarshalIndent(m, "", "  "); err == nil {
			err = writePrivate(file, b)
		}
	}
	if err != nil {
		return fmt.Errorf("note that network %s was used: %w", id, err)
	}
	return nil
}
