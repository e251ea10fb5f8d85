// Package netview gives package webui the networks of a store.
//
//	store, err := netview.Open(ctx, "redis://localhost:6379", nil)
//	defer store.Close()
//	page, err := webui.NewHandler(webui.Config{Store: store, Token: token})
package netview
