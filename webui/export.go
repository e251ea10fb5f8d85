package webui

import (
	"errors"
	"fmt"
	"mime"
	"net/http"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

// exportKinds are the media types of the formats. Read only.
var exportKinds = map[table.FileFormat]string{
	table.Arrow: "application/vnd.apache.arrow.file", table.ArrowStream: "application/vnd.apache.arrow.stream",
	table.Parquet: "application/vnd.apache.parquet", table.CSV: "text/csv; charset=utf-8", table.JSONLines: "application/x-ndjson",
}

// export sends tasks as a file, while they are read.
func (h *Handler) export(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	format, err := table.FormatOf("x." + q.Get("format"))
	if err != nil {
		return badRequest("format is %s; expected arrow, arrows, parquet, csv or jsonl", quoted(q.Get("format")))
	}
	filter, err := parseFilter(q.Get("filter"))
	if err != nil {
		return err
	}
	return h.withMeant(r, func(b *hub) error {
		opts := &table.ExportOptions{
			Options: table.Options{Schema: b.definition().Schema}, Format: format, States: filter.States, SpreadsheetSafe: q.Get("safe") == "1",
		}
		if filter.Where != "" || filter.Condition != "" || filter.Numbers != nil {
			matches, err := b.match(r.Context(), &filter)
			if err != nil {
				return err
			}
			opts.Keys = keysOf(matches)
		}
		if opts.About, err = b.net.About(r.Context()); err != nil {
			return err
		}
		name := mime.FormatMediaType("attachment", map[string]string{"filename": string(b.id) + "." + string(format)})
		out := &download{w: w, kind: exportKinds[format], name: name}
		_, err = table.Export(r.Context(), b.follower.src, out, opts)
		return out.end(err)
	})
}

// A download writes a file to a client.
type download struct {
	w     http.ResponseWriter
	kind  string // media type
	name  string // Content-Disposition
	began bool
}

func (d *download) Write(b []byte) (int, error) {
	if !d.began {
		d.began = true
		d.w.Header().Set("Content-Type", d.kind)
		d.w.Header().Set("Content-Disposition", d.name)
	}
	return d.w.Write(b)
}

// end answers with an error while nothing was written, and breaks the connection
// after that, so that nobody takes a part of the file for all of it.
func (d *download) end(err error) error {
	switch {
	case err == nil:
		return nil
	case d.began:
		panic(http.ErrAbortHandler)
	case errors.Is(err, rush.ErrChanged):
		return fmt.Errorf("the tasks changed while they were read; try again: %w", err)
	}
	return err
}
