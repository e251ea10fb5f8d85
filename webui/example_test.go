package webui_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/webui"
	"github.com/rushnet/rush/webui/netview"
)

// A server that knows its users already mounts the page below a path of its own.
func ExampleNewHandler() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "rush")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	url := filepath.Join(dir, "rush.db")
	net, err := network.Open(ctx, network.Config{Store: url, Network: "branin"})
	if err != nil {
		log.Fatal(err)
	}
	defer net.Close()

	store, err := netview.Open(ctx, url, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	page, err := webui.NewHandler(webui.Config{Store: store, Open: true, BasePath: "/rush", Hosts: []string{"lab.example.org"}})
	if err != nil {
		log.Fatal(err)
	}
	defer page.Close()

	authenticated := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, password, _ := r.BasicAuth(); password != "secret" {
				http.Error(w, "who are you?", http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	mux := http.NewServeMux()
	mux.Handle("/rush/", authenticated(page))

	for _, password := range []string{"guess", "secret"} {
		r := httptest.NewRequest("GET", "http://lab.example.org/rush/api/networks/branin", nil)
		r.SetBasicAuth("ann", password)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		fmt.Println(password, w.Code)
	}
	// Output:
	// guess 401
	// secret 200
}
