package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
)

// An Archive is what a report is about. It is only read.
type Archive struct {
	Network rush.NetworkID
	Run     rush.Run
	Loop    string // the name of the loop; "" if there is none
	Version string // of rush

	Space    space.Space    // the zero value leaves out what is about parameters
	Codomain loops.Codomain // none leaves out what is about objectives

	// Tasks are all tasks by number, with inputs, outputs, conditions, workers and
	// times.
	Tasks []*rush.Task
	// Written is when the report is made.
	Written time.Time
}

//go:embed page.html
var page string

//go:embed style.css
var style string

//go:embed sort.js
var script string

// Write writes the page. It fails if w does.
func Write(w io.Writer, a *Archive) error {
	t, err := template.New("page").Funcs(template.FuncMap{"px": px}).Parse(page)
	if err != nil {
		return err
	}
	return t.Execute(w, newView(a))
}

// policy allows the page its own style sheet and script, and nothing else.
func policy() string {
	return "default-src 'none'; style-src '" + hash(style) + "'; script-src '" + hash(script) + "'; base-uri 'none'; form-action 'none'"
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
