package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

// A memory says which networks were used last. It is kept in the data
// directory, readable by its user only: a store's URL may have a password.
type memory struct {
	Store    string                    `json:"store"`    // used last
	Networks map[string]rush.NetworkID `json:"networks"` // used last, by store
}

func memoryFile() (string, error) {
	dir, err := network.DataDir()
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

// remember notes that a network was used. That it cannot be noted is no
// reason to fail: the next command then asks for a name.
func remember(url string, id rush.NetworkID) {
	file, err := memoryFile()
	if err != nil {
		return
	}
	m := recall()
	m.Store, m.Networks[url] = url, id
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil || os.MkdirAll(filepath.Dir(file), 0o700) != nil {
		return
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), "last-*.json") // mode 0600
	if err != nil {
		return
	}
	_, err = tmp.Write(b)
	if err2 := tmp.Close(); err == nil && err2 == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
	}
}

// which returns the store and the network that a command means: what it
// names, else the last used. The network is empty when nothing says which.
func (a *app) which(arg string) (url string, id rush.NetworkID, err error) {
	m := recall()
	url = a.store
	if url == "" {
		if url, err = network.DefaultStore(); err != nil {
			return "", "", err
		}
		plan, _, _ := network.ReadPlan() // DefaultStore says what is wrong with it
		if plan.Store == "" && arg == "" && m.Store != "" && os.Getenv("RUSH_STORE") == "" && os.Getenv("REDIS_URL") == "" {
			url = m.Store
		}
	}
	if url, err = network.ResolveStore(url); err != nil {
		return "", "", err
	}
	if id = rush.NetworkID(arg); id == "" {
		id = m.Networks[url]
	}
	return url, id, nil
}
