package main

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

// remember notes that a network was used. That it cannot be noted is no
// reason to fail: the next command then asks for a name.
func remember(url string, id rush.NetworkID) { _ = network.Remember(url, id) }

// which returns the store and the network that a command means: what it
// names, else the default ones. An exported file is a store. The network is empty when nothing says which.
func (a *app) which(arg string) (url string, id rush.NetworkID, err error) {
	switch file := fileOf(arg); {
	case file != "":
		url, err = network.ResolveStore(file)
	case arg == "":
		url, id, err = network.DefaultNetwork(a.store)
	default:
		id = rush.NetworkID(arg)
		url, err = network.ResolveStore(a.store)
	}
	if err == nil {
		err = a.writable(url)
	}
	return url, id, err
}
