package table

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"github.com/rushnet/rush"
)

// MetaAbout is the name under which the metadata of a file's schema (in Parquet also
// the file's own) has an About as JSON.
const MetaAbout = "rush.about"

// RestName is the name of the column with which a file holds what its other
// columns cannot: see ExportOptions.About.
const RestName = "_rush"

// aboutFormat is the version of the JSON of an About, and of the column RestName.
const aboutFormat = 1

// An About says which network a file was exported from, and what that was about:
// with it the file can be read as the network was.
type About struct {
	Format  int            `json:"format"` // of this, for Export to set
	Network rush.NetworkID `json:"network"`
	// States are those of the tasks; none are all.
	States []rush.State `json:"states,omitempty"`
	// Definition is the body of the network's definition, Version its version, and
	// Limit and Reserved what the store knows of it.
	Definition json.RawMessage `json:"definition,omitempty"`
	Version    int64           `json:"version"`
	Limit      int64           `json:"limit,omitempty"`
	Reserved   int64           `json:"reserved,omitempty"`
	Run        AboutRun        `json:"run"`
	Deleted    int64           `json:"deleted,omitempty"` // tasks, before the export
	Taken      int64           `json:"taken,omitempty"`   // of the budget
}

// An AboutRun is a [rush.Run] in an [About].
type AboutRun struct {
	Status  rush.RunStatus `json:"status,omitempty"`
	Reason  string         `json:"reason,omitempty"`
	Elapsed time.Duration  `json:"elapsed,omitempty"` // nanoseconds
	Started time.Time      `json:"started,omitzero"`
	Ended   time.Time      `json:"ended,omitzero"`
}

// describe returns the schema of a file with what it is about, and the column
// RestName if it is to have one.
func (a *About) describe(schema *arrow.Schema, rest bool) (*arrow.Schema, error) {
	written := *a
	written.Format = aboutFormat
	b, err := json.Marshal(&written)
	if err != nil {
		return nil, fmt.Errorf("write what the file is about: %w", err)
	}
	fields := schema.Fields()
	if rest {
		fields = append(fields, arrow.Field{
			Name: RestName, Type: arrow.BinaryTypes.Binary, Nullable: true,
			Metadata: arrow.NewMetadata([]string{MetaRole}, []string{"rest"}),
		})
	}
	meta := arrow.NewMetadata([]string{MetaAbout}, []string{string(b)})
	return arrow.NewSchema(fields, &meta), nil
}

// aboutOf reads what a file says that it is about; nil if it does not say.
func aboutOf(schema *arrow.Schema) (*About, error) {
	text, ok := schema.Metadata().GetValue(MetaAbout)
	if !ok {
		return nil, nil
	}
	a := new(About)
	if err := json.Unmarshal([]byte(text), a); err != nil {
		return nil, fmt.Errorf("read its %s: %w", MetaAbout, err)
	}
	if a.Format != aboutFormat {
		return nil, fmt.Errorf("its %s has format %d; expected %d: use the rush that wrote it: %w", MetaAbout, a.Format, aboutFormat, rush.ErrSchema)
	}
	return a, nil
}
