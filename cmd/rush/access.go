package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// An access says what a command does to the network that it is about, as far as it
// matters when that is an exported file.
type access struct {
	writes bool   // it changes something, which a file refuses
	about  bool   // its first argument names what it is about, such as a worker, and no file
	lacks  string // what it shows that a file does not hold; "" for nothing
}

// accesses has what commands that are not here do: they read tasks, or are about no
// network. Where a flag alone makes a command write, the file itself refuses.
var accesses = map[string]access{
	"run": {writes: true}, "demo": {writes: true}, "worker": {writes: true}, "script": {writes: true},
	"push": {writes: true}, "retry": {writes: true}, "delete": {writes: true}, "cancel": {writes: true},
	"pause": {writes: true, about: true}, "resume": {writes: true, about: true}, "stop": {writes: true, about: true}, "reset": {writes: true},
	"ask": {writes: true}, "tell": {writes: true}, "destroy": {writes: true}, "bench": {writes: true}, "bench optimizers": {},
	"config save": {writes: true}, "config delete": {writes: true},
	"env set": {writes: true}, "env unset": {writes: true},
	"queue remove": {writes: true}, "queue empty": {writes: true},
	"workers delete": {writes: true, about: true},
	"message":        {writes: true, about: true},
	"objects put":    {writes: true}, "objects drop": {writes: true},

	"log":          {lacks: "log"},
	"rerun":        {lacks: "environments of commands"},
	"workers":      {lacks: "workers"},
	"config list":  {lacks: "configurations of workers"},
	"config show":  {lacks: "configurations of workers"},
	"env":          {lacks: "constants and environment variables of workers"},
	"objects list": {lacks: "objects"}, "objects get": {lacks: "objects"}, "objects limits": {lacks: "objects"},
}

// accessOf finds what a command does: the longest path counts.
func accessOf(cmd *cobra.Command) access {
	for path := strings.Fields(cmd.CommandPath())[1:]; len(path) > 0; path = path[:len(path)-1] {
		if found, ok := accesses[strings.Join(path, " ")]; ok {
			return found
		}
	}
	return access{}
}
