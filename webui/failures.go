package webui

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

const (
	// failureText is how much of a message a group of failures is shown with.
	failureText = 4 << 10
	// mostGroups are the most groups that are shown: the largest.
	mostGroups = 1000
)

// A failureGroup is the tasks that failed with the same condition.
type failureGroup struct {
	ID        string       `json:"id"` // for Filter.Condition
	Class     string       `json:"class"`
	Message   string       `json:"message"`
	Truncated bool         `json:"truncated"`
	Count     int64        `json:"count"`
	Newest    rush.TaskKey `json:"newest"`
	Oldest    rush.TaskKey `json:"oldest"`
}

// failures groups the failed tasks by message, the largest group first.
func (h *Handler) failures(w http.ResponseWriter, r *http.Request) error {
	return h.with(r, func(b *hub) error {
		at, groups := b.position(), map[string]*failureGroup{}
		opts := &table.ExportOptions{Options: table.Options{Fields: rush.FieldCondition}, States: []rush.State{rush.Failed}}
		err := b.rows(r.Context(), opts, []string{"number", "condition", "condition_class"}, func(row rush.Values) error {
			addFailure(groups, row)
			return nil
		})
		if err != nil {
			return err
		}
		list := make([]*failureGroup, 0, len(groups))
		for _, g := range groups {
			list = append(list, g)
		}
		slices.SortFunc(list, func(a, b *failureGroup) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(b.Newest, a.Newest))
		})
		return answer(w, map[string]any{"groups": list[:min(len(list), mostGroups)], "total": len(list), "sequence": at.String()})
	})
}

func addFailure(groups map[string]*failureGroup, row rush.Values) {
	text, _ := row["condition"].(string)
	class, _ := row["condition_class"].(string)
	n, _ := row["number"].(int64)
	key := rush.TaskKey(n)
	id := groupID(text)
	g := groups[id]
	if g == nil {
		message := strings.TrimPrefix(strings.TrimPrefix(text, class), ": ")
		g = &failureGroup{ID: id, Class: strings.Clone(class), Oldest: key, Newest: key}
		g.Message, g.Truncated = shortened(message, failureText)
		groups[id] = g
	}
	g.Count++
	g.Newest, g.Oldest = max(g.Newest, key), min(g.Oldest, key)
}

// shortened cuts a text to a number of bytes, between two characters.
func shortened(s string, most int) (string, bool) {
	if len(s) <= most {
		return strings.Clone(s), false
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return strings.Clone(s[:most]), true
}
