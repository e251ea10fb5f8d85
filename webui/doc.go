// Package webui serves the page on which people watch, explore and steer searches in
// the browser. "rush ui" is it with a server around it.
//
// A Handler is an http.Handler. Begin with NewHandler; package netview has the
// networks of a store, and Server listens on this machine:
//
//	store, err := netview.Open(ctx, "", nil)
//	h, err := webui.NewHandler(webui.Config{Store: store, Token: webui.NewToken()})
//	server := webui.Server{}
//	err = server.Listen(h)
//	fmt.Println("open", server.LaunchURL())
//	err = server.Serve(ctx)
//
// A program that has a server and its users already mounts the handler behind its
// own authentication; see the example of NewHandler:
//
//	h, err := webui.NewHandler(webui.Config{
//		Store: store, Open: true, BasePath: "/rush", Hosts: []string{"lab.example.org"},
//	})
//	mux.Handle("/rush/", authenticated(h))
//
// # How it works
//
// A network that somebody looks at has one hub, which follows it for all: endings
// come from the network's log, for which the hub waits, and what has not ended is
// compared when the counts change. What has changed is encoded once, as an Arrow
// stream, and put into a queue for each client; a client that is too slow for its
// queue loses it, and takes a new snapshot. Nobody waits for a client. When nobody
// looks any more the hub ends.
//
// A snapshot of all tasks is written into a temporary file while it is sent, once
// for all who ask, and serves for as long as the frames after it are kept: memory
// is bounded however many tasks there are.
//
// What is sent is described in protocol.md, beside this file.
//
// # Who may see it
//
// Every request has to name a host that is allowed, and to have the token, as the
// cookie that a launch address sets once or as "Authorization: Bearer TOKEN".
// Requests that change something have to come from the page itself, and so do
// websockets. All routes are in one table, and a test tries each of them.
package webui
