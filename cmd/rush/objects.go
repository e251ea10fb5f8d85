package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/objects"
)

func (a *app) objectsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "objects",
		GroupID: "look",
		Short:   "Values that are too large for a task, or shared",
		Long: `The object store of a network: files and large values, each known by its
SHA-256 and stored once. An object stays while a tag holds it; what belongs to
a task is under the tag task:NUMBER and goes with the task.`,
	}
	var net string
	c.PersistentFlags().StringVar(&net, "network", "", "the network (default: the one used last)")
	c.AddCommand(a.objectsList(&net), a.objectsGet(&net), a.objectsPut(&net), a.objectsDrop(&net), a.objectsLimits(&net))
	return c
}

// withObjects opens the network and calls f with its object store.
func (a *app) withObjects(cmd *cobra.Command, id string, f func(net *network.Rush, s *objects.Store) error) error {
	net, err := a.openNetwork(cmd.Context(), id)
	if err != nil {
		return err
	}
	return errors.Join(f(net, net.Objects()), net.Close())
}

func (a *app) objectsList(id *string) *cobra.Command {
	return a.withJSON(&cobra.Command{
		Use:   "list",
		Short: "List the objects: hash, size, where they are, and who holds them",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withObjects(cmd, *id, func(_ *network.Rush, s *objects.Store) error {
				all, err := s.List(cmd.Context())
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(append([]objects.Info{}, all...))
				}
				for _, o := range all {
					a.printf("%s  %12d  %-9s  %s\n", o.Hash, o.Size, o.Place, strings.Join(o.Tags, " "))
				}
				return nil
			})
		},
	})
}

func (a *app) objectsGet(id *string) *cobra.Command {
	var output string
	c := a.withJSON(&cobra.Command{
		Use:   "get HASH",
		Short: "Write an object to a file or to stdout; with --json, say where it is",
		Long: `Write an object to a file or to stdout; with --json, say where it is instead.
The hash may be written as tables show it (object:HASH), and be cut short.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withObjects(cmd, *id, func(net *network.Rush, s *objects.Store) error {
				info, err := findObject(cmd, net, s, strings.TrimPrefix(args[0], "object:"))
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(info)
				}
				return a.copyObject(cmd, s, info.Hash, output)
			})
		},
	})
	c.Flags().StringVarP(&output, "output", "o", "-", "the file to write; - is stdout")
	return c
}

// findObject finds the object whose hash begins so.
func findObject(cmd *cobra.Command, net *network.Rush, s *objects.Store, begin string) (objects.Info, error) {
	all, err := s.List(cmd.Context())
	if err != nil {
		return objects.Info{}, err
	}
	var found []objects.Info
	for _, o := range all {
		if strings.HasPrefix(o.Hash, begin) {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 0:
		return objects.Info{}, fmt.Errorf("network %s: %w; list them with: rush objects list", net.ID(), &rush.ObjectError{Hash: begin, Err: rush.ErrNoObject})
	case 1:
		return found[0], nil
	}
	return objects.Info{}, exitError{exitUsage, fmt.Errorf("%d objects have a hash that begins with %s; give more of it", len(found), begin)}
}

func (a *app) copyObject(cmd *cobra.Command, s *objects.Store, hash, output string) error {
	r, err := s.Get(cmd.Context(), hash)
	if err != nil {
		return err
	}
	defer r.Close()
	if output == "-" {
		_, err = io.Copy(a.out, r)
		return err
	}
	f, err := os.Create(output)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Close())
}

func (a *app) objectsPut(id *string) *cobra.Command {
	var tag string
	var reference bool
	c := a.withJSON(&cobra.Command{
		Use:   "put FILE",
		Short: "Store a file (- is stdin) under a tag, and print its hash",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withObjects(cmd, *id, func(_ *network.Rush, s *objects.Store) error {
				info, err := a.putObject(cmd, s, args[0], tag, reference)
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(info)
				}
				a.printf("%s\n", info.Hash)
				return nil
			})
		},
	})
	c.Flags().StringVar(&tag, "tag", "", "the tag that holds it")
	c.Flags().BoolVar(&reference, "reference", false, "leave the file where it is and store its path")
	_ = c.MarkFlagRequired("tag")
	return c
}

func (a *app) putObject(cmd *cobra.Command, s *objects.Store, path, tag string, reference bool) (objects.Info, error) {
	switch {
	case tag == "":
		return objects.Info{}, exitError{exitUsage, errors.New("the tag is empty; nothing would hold the object")}
	case reference:
		return s.PutFile(cmd.Context(), tag, path)
	case path == "-":
		return s.Put(cmd.Context(), tag, a.in)
	}
	f, err := os.Open(path)
	if err != nil {
		return objects.Info{}, err
	}
	defer f.Close()
	return s.Put(cmd.Context(), tag, f)
}

func (a *app) objectsDrop(id *string) *cobra.Command {
	return a.withJSON(&cobra.Command{
		Use:   "drop TAG...",
		Short: "Drop tags, and delete the objects that no tag holds then",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withObjects(cmd, *id, func(_ *network.Rush, s *objects.Store) error {
				dropped, err := s.Drop(cmd.Context(), args...)
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(append([]string{}, dropped...))
				}
				for _, hash := range dropped {
					a.printf("%s\n", hash)
				}
				return nil
			})
		},
	})
}

func (a *app) objectsLimits(id *string) *cobra.Command {
	var set objects.Limits
	c := a.withJSON(&cobra.Command{
		Use:   "limits",
		Short: "Show the network's limits, or set them once",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withObjects(cmd, *id, func(_ *network.Rush, s *objects.Store) error {
				if set != (objects.Limits{}) {
					if err := s.SetLimits(cmd.Context(), set); err != nil {
						return err
					}
				}
				l, err := s.Limits(cmd.Context())
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(map[string]any{"inline": l.Inline, "values": l.Values, "directory": l.Directory})
				}
				a.printLimits(l)
				return nil
			})
		},
	})
	c.Flags().Int64Var(&set.Inline, "inline", 0, "set: the largest object that is kept in the store, bytes")
	c.Flags().Int64Var(&set.Values, "values", 0, "set: the largest value that is kept in a task, bytes (default: --inline)")
	c.Flags().StringVar(&set.Directory, "directory", "", "set: where larger objects are written")
	return c
}

func (a *app) printLimits(l objects.Limits) {
	if l == (objects.Limits{}) {
		a.printf("no limits: objects of up to %d bytes are kept in the store, values of any size in their tasks\n", int64(objects.DefaultInline))
		return
	}
	if l.Values == 0 {
		l.Values = l.Inline
	}
	if l.Directory == "" {
		l.Directory = "none; larger objects are refused"
	}
	a.printf("%-10s %d bytes\n%-10s %d bytes\n%-10s %s\n", "inline", l.Inline, "values", l.Values, "directory", l.Directory)
}
