package webui

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// dist is the built page: index.html, and the files that it loads, in assets.
//
//go:embed all:dist
var dist embed.FS

func builtIn() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the path is valid
	}
	return sub
}

// Icon returns the icon of the page, as SVG.
func Icon() ([]byte, error) { return fs.ReadFile(builtIn(), "icon.svg") }

// page serves index.html, which finds the rest by relative addresses.
func (h *Handler) page(w http.ResponseWriter, r *http.Request) error {
	return h.file(w, r, "index.html", "no-cache")
}

// asset serves a built file. Its name has a hash of what it holds, so that it
// never changes.
func (h *Handler) asset(w http.ResponseWriter, r *http.Request) error {
	return h.file(w, r, path.Join("assets", path.Clean("/"+r.PathValue("file"))), "private, max-age=31536000, immutable")
}

// top serves a file beside index.html, such as the icon.
func (h *Handler) top(w http.ResponseWriter, r *http.Request) error {
	name := strings.TrimPrefix(path.Clean("/"+r.PathValue("file")), "/")
	if name == "index.html" || strings.Contains(name, "/") {
		return notFound("there is no file %s", quoted(name))
	}
	return h.file(w, r, name, "no-cache")
}

func (h *Handler) file(w http.ResponseWriter, r *http.Request, name, cache string) error {
	if info, err := fs.Stat(h.cfg.Assets, name); err != nil || info.IsDir() {
		return notFound("there is no file %s", quoted(name))
	}
	header := w.Header()
	header.Set("Cache-Control", cache)
	if kind, ok := contentTypes[path.Ext(name)]; ok {
		header.Set("Content-Type", kind)
	}
	http.ServeFileFS(w, r, h.cfg.Assets, name)
	return nil
}

// contentTypes are said here because what the system says of an extension can be
// anything, and nosniff makes a browser believe it. Read only.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon", ".json": "application/json",
	".webmanifest": "application/manifest+json", ".map": "application/json", ".wasm": "application/wasm",
}
