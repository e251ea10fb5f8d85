// Command page is a server with users of its own that has the page of rush ui among
// its other pages, below /rush/:
//
//	LAB_PASSWORD=secret go run ./examples/page
//
// and open http://localhost:8080/ as ann, with that password. A real one has TLS.
package main

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/rushnet/rush/webui"
	"github.com/rushnet/rush/webui/netview"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) (err error) {
	password := os.Getenv("LAB_PASSWORD")
	if password == "" {
		return errors.New("no password was given; start this with LAB_PASSWORD=secret before it")
	}
	// "" is the store that rush uses: RUSH_STORE, REDIS_URL or the data directory.
	store, err := netview.Open(ctx, "", nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()

	// Open: who asks is checked here. The page strips the base path itself.
	page, err := webui.NewHandler(webui.Config{
		Store: store, Open: true, BasePath: "/rush", Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Hosts: []string{"lab.example.org"}, // beside localhost: the name that people type
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, page.Close()) }()

	mux := http.NewServeMux()
	mux.Handle("/rush/", page)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintln(w, `<!doctype html><title>Our lab</title><h1>Our lab</h1><p><a href="rush/">Searches</a>`)
	})
	return serve(ctx, authenticated(mux, "ann", password))
}

// authenticated lets one person in. Yours may know many, by any means.
func authenticated(next http.Handler, user, password string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, p, _ := r.BasicAuth()
		if subtle.ConstantTimeCompare([]byte(u+"\x00"+p), []byte(user+"\x00"+password)) != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="lab"`)
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// serve listens on this machine, at LAB_ADDRESS or port 8080, until ctx ends.
func serve(ctx context.Context, h http.Handler) error {
	address := os.Getenv("LAB_ADDRESS")
	if address == "" {
		address = "127.0.0.1:8080"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Printf("the lab is at http://%s/\n", listener.Addr())
	server := http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
		return server.Close()
	}
}
