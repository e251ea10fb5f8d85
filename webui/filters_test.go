package webui_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rushnet/rush"
)

// vectors are filters that the page's own tests read, too.
type vectors struct {
	Columns []struct {
		Name   string
		Values []any
	}
	Taken []struct {
		Where string
		Met   []rush.TaskKey
	}
	Refused []struct {
		Where, Says string
		At          int
	}
}

// What page and server have to take or refuse alike is refused here, with the place and
// the words of the table.
func TestFiltersAreTakenAndRefusedAsByThePage(t *testing.T) {
	t.Parallel()
	var v vectors
	text, err := os.ReadFile("testdata/filters.json")
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	tasks := make([]rush.Task, 4)
	for i := range tasks {
		tasks[i] = rush.Task{XS: rush.Values{}, YS: rush.Values{}, State: rush.Finished}
		for _, c := range v.Columns {
			value := c.Values[i]
			switch {
			case c.Name == "state":
				tasks[i].State = rush.State(value.(string))
			case c.Name != "number" && value != nil:
				tasks[i].XS[c.Name] = value
			}
		}
		switch tasks[i].State {
		case rush.Failed:
			tasks[i].YS, tasks[i].Condition = nil, &rush.Condition{Class: rush.ClassError, Message: "no data"}
		case rush.Queued:
			tasks[i].YS = nil
		}
	}
	if _, err := s.net.PushTasks(t.Context(), tasks); err != nil {
		t.Fatal(err)
	}
	for _, c := range v.Taken {
		_, body, _ := s.do(http.MethodGet, s.path("/export?format=jsonl&filter="+url.QueryEscape(`{"where": `+quote(c.Where)+`}`)), "")
		var met []rush.TaskKey
		for line := range strings.Lines(body) {
			var row struct{ Number rush.TaskKey }
			if err := json.Unmarshal([]byte(line), &row); err != nil {
				t.Fatalf("%s: %v in %s", c.Where, err, line)
			}
			met = append(met, row.Number)
		}
		if !slices.Equal(met, c.Met) {
			t.Errorf("%s: tasks %v, expected %v: %s", c.Where, met, c.Met, body)
		}
	}
	for _, c := range v.Refused {
		got := s.act(http.StatusBadRequest, "count", `{"filter": {"where": `+quote(c.Where)+`}}`)
		message := got["error"].(map[string]any)["message"].(string)
		if !strings.Contains(message, c.Says) || c.At > 0 && !strings.Contains(message, fmt.Sprintf("(at character %d)", c.At)) {
			t.Errorf("%s: %s, expected %q at character %d", c.Where, message, c.Says, c.At)
		}
	}
}
