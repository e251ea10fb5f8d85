package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/webui"
	"github.com/rushnet/rush/webui/netview"
)

// uiFlags have what can be said on the command line about the page.
type uiFlags struct {
	noBrowser  bool
	readOnly   bool
	server     webui.Server
	basePath   string
	tokenFile  string
	hosts      []string
	origins    []string
	maxClients int
	install    bool
	uninstall  bool
}

func (a *app) uiCommand() *cobra.Command {
	var f uiFlags
	c := a.withGoals(&cobra.Command{
		Use:   "ui [NETWORK...]",
		Short: "Watch, explore and steer searches in the browser",
		Long: `Show the networks of a store, or those named, as a page in the browser, until
Ctrl-C. Results stream in while workers find them.

The page is for whoever started it: it listens on this machine only, and the
address that is opened, or printed with --no-browser, lets one browser in. Press
Enter for another one. From another machine:

  ssh -L 8080:127.0.0.1:PORT HOST    and open the address with localhost:8080

An --address that other machines can reach needs --tls-cert and --tls-key. Every
action is printed as a line; --read-only allows none.

An exported file is shown, too; one that does not say what is better, such as CSV,
needs --minimize or --maximize.`,
		Example: `  rush ui
  rush ui results.parquet
  rush ui branin --read-only
  rush ui --no-browser --port 8080`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.install {
				return a.install()
			}
			if f.uninstall {
				return a.uninstall()
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			url, args, err := a.whatToShow(args)
			if err != nil {
				return err
			}
			page, err := a.openPage(ctx, url, f, args)
			if err != nil {
				return err
			}
			defer page.store.Close()
			page.announce(ctx)
			page.offerMore(ctx)
			return page.server.Serve(ctx)
		},
	})
	f.register(c)
	return c
}

// whatToShow tells the store from the names of the networks: the first may be that of
// an exported file, which is a store.
func (a *app) whatToShow(args []string) (url string, networks []string, err error) {
	if fileOf(first(args)) != "" {
		url, _, err = a.which(args[0])
		return url, args[1:], err
	}
	url, _, err = a.which("")
	return url, args, err
}

func (f *uiFlags) register(c *cobra.Command) {
	flags := c.Flags()
	f.registerShort(c)
	flags.BoolVar(&f.readOnly, "read-only", false, "allow looking only")
	flags.BoolVar(&f.install, "install", false, "put rush into the menu of the desktop (Linux), and end")
	flags.BoolVar(&f.uninstall, "uninstall", false, "take away what --install wrote, and end")
	c.MarkFlagsMutuallyExclusive("install", "uninstall")
	flags.StringVar(&f.server.Address, "address", "127.0.0.1", "the address to listen on")
	flags.StringVar(&f.basePath, "base-path", "", "the path of the page, for a proxy that serves other things too, such as /rush")
	flags.StringVar(&f.tokenFile, "token-file", "", "the file of the token, for programs (Authorization: Bearer); it is made if need be (default: ui-token in the data directory)")
	flags.StringVar(&f.server.CertFile, "tls-cert", "", "the file of a certificate: serve by TLS")
	flags.StringVar(&f.server.KeyFile, "tls-key", "", "the file of the certificate's key")
	flags.StringSliceVar(&f.hosts, "host", nil, "another name by which the page may be asked for; may be repeated")
	flags.StringSliceVar(&f.origins, "origin", nil, "the origin of another page that may use this one, such as https://example.org; may be repeated")
	flags.IntVar(&f.maxClients, "max-clients", 0, "how many pages may watch at the same time (default: 64)")
}

// registerShort adds the flags that other commands have, too, that show the page.
func (f *uiFlags) registerShort(c *cobra.Command) {
	c.Flags().BoolVar(&f.noBrowser, "no-browser", false, "open no browser for the page; the address is printed")
	c.Flags().IntVar(&f.server.Port, "port", 0, "the port of the page (default: any that is free)")
}

// A page is a server of the page that listens.
type page struct {
	app     *app
	flags   uiFlags
	opts    netview.Options
	store   *netview.Store
	server  webui.Server
	url     string         // of the store, with its password
	network rush.NetworkID // the one to show first, also that of a file; "" is none
}

// openPage begins to listen. The networks named, if any, are the only ones shown.
func (a *app) openPage(ctx context.Context, url string, f uiFlags, only []string) (*page, error) {
	p := &page{app: a, flags: f, server: f.server, url: url}
	opts := &netview.Options{
		IgnoreSchema: a.ignoreSchema, Goals: a.goals.codomain(), Client: rush.WorkerID(clientName()), Version: version,
	}
	for _, name := range only {
		opts.Only = append(opts.Only, rush.NetworkID(name))
	}
	var err error
	p.opts = *opts
	if p.store, err = netview.Open(ctx, url, opts); err != nil {
		return nil, err
	}
	if err := p.listen(ctx, url, opts.Only); err != nil {
		return nil, errors.Join(err, p.store.Close())
	}
	return p, nil
}

func (p *page) listen(ctx context.Context, url string, only []rush.NetworkID) error {
	f := &p.flags
	all, err := p.haveAll(ctx, only)
	if err != nil {
		return err
	}
	if len(only) == 1 {
		p.network = only[0]
	} else if network.IsFile(url) && len(all) == 1 {
		p.network = all[0].ID
	}
	token, err := f.token()
	if err != nil {
		return err
	}
	h, err := webui.NewHandler(webui.Config{
		Store: p.store, Token: token, BasePath: f.basePath, ReadOnly: f.readOnly,
		Hosts: f.hosts, Origins: f.origins, MaxClients: f.maxClients, Log: p.app.log(), StartWorkers: p.starter(),
	})
	if err != nil {
		return exitError{exitUsage, err}
	}
	if err := p.server.Listen(h); err != nil {
		return errors.Join(err, h.Close())
	}
	return nil
}

// haveAll lists the networks that are shown, and reports the first of ids that does
// not exist.
func (p *page) haveAll(ctx context.Context, ids []rush.NetworkID) ([]webui.Info, error) {
	shown, err := p.store.Networks(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if !slices.ContainsFunc(shown, func(n webui.Info) bool { return n.ID == id }) {
			return nil, p.missing(ctx, id)
		}
	}
	return shown, nil
}

// missing says that a network does not exist, and what may be meant.
func (p *page) missing(ctx context.Context, id rush.NetworkID) error {
	address := p.store.Address()
	switch {
	case network.IsFile(string(id)) && network.IsFile(address):
		return fmt.Errorf("the page shows one file at a time, and %s is another one than %s; to compare searches, show the networks of one store", id, address)
	case network.IsFile(string(id)):
		return fmt.Errorf("there is neither a file %s here nor a network of that name in %s", id, address)
	}
	opts := p.opts
	opts.Only = nil // what else there is, is worth a hint
	store, err := netview.Open(ctx, p.url, &opts)
	if err != nil {
		return err
	}
	defer store.Close()
	all, err := store.Networks(ctx)
	if err != nil {
		return err
	}
	var there []string
	for _, n := range all {
		there = append(there, string(n.ID))
	}
	return fmt.Errorf("there is no network %s in %s%s; see: rush networks", id, address, nearest.Hint(string(id), there))
}

// token reads the token, or makes one.
func (f *uiFlags) token() (string, error) {
	path := f.tokenFile
	if path == "" {
		dir, err := network.DataDir()
		if err != nil {
			return "", err
		}
		path = filepath.Join(dir, "ui-token")
	}
	return webui.TokenFile(path)
}

// launchURL lets one browser in.
func (p *page) launchURL() string {
	if p.network == "" {
		return p.server.LaunchURL()
	}
	return p.server.LaunchURL() + "&network=" + url.QueryEscape(string(p.network))
}

// announce prints the address and opens the browser.
func (p *page) announce(ctx context.Context) {
	address := p.launchURL()
	p.app.tell("the page of %s is at\n  %s\nwhich lets one browser in", p.store.Address(), address)
	if p.flags.noBrowser {
		return
	}
	if err := openBrowser(ctx, address); err != nil {
		p.app.tell("no browser could be opened (%v); open the address yourself", err)
	}
}

// offerMore prints another address whenever a person presses Enter.
func (p *page) offerMore(ctx context.Context) {
	in, ok := p.app.in.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return
	}
	go func() { // it ends with the program: nothing ends a read from a terminal
		lines := bufio.NewScanner(in)
		for lines.Scan() && ctx.Err() == nil {
			p.app.tell("  %s", p.launchURL())
		}
	}()
}
