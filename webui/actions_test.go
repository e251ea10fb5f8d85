package webui_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
	"github.com/rushnet/rush/table"
)

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func TestWorkersAreSteered(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		v := s.view()
		if _, err := s.net.StartWorkers(t.Context(), network.Workers{Objective: "wait", IDs: []rush.WorkerID{"ann", "bob"}, Heartbeat: 100 * time.Millisecond}); err != nil {
			t.Fatal(err)
		}
		state := func(id string) string {
			for _, w := range listOf(v.said["workers"]["workers"]) {
				if w["id"] == id {
					return w["state"].(string)
				}
			}
			return ""
		}
		v.until(func() bool { return state("ann") == "running" && state("bob") == "running" })
		s.act(http.StatusOK, "pause", `{"workers": ["ann"]}`)
		v.until(func() bool { return state("ann") == "paused" })
		s.act(http.StatusOK, "resume", `{}`)
		v.until(func() bool { return state("ann") == "running" })
		s.push(2)
		v.until(func() bool { return v.states()["running"] == 2 })
		if got := s.act(http.StatusOK, "kill", `{"workers": ["ann", "eve"]}`); got["done"] != 1.0 || len(listOf(got["refused"])) != 1 {
			t.Errorf("the answer is %v", got)
		}
		v.until(func() bool { return state("ann") == "killed" && v.states()["failed"] == 1 })
		s.act(http.StatusNotFound, "pause", `{"workers": ["eve"]}`)
		s.act(http.StatusOK, "cancel", `{"filter": {"state": ["running"]}}`)
		s.act(http.StatusOK, "stop", `{}`)
		v.until(func() bool { return state("bob") == "terminated" })
	})
}

func listOf(v any) []map[string]any {
	var list []map[string]any
	all, _ := v.([]any)
	for _, one := range all {
		list = append(list, one.(map[string]any))
	}
	return list
}

const branin = `
network: branin
objective: {builtin: branin}
space:
  x1: {type: dbl, lower: -5, upper: 10}
  x2: {type: dbl, lower: 0, upper: 15}
codomain: {y: minimize}
loop: {name: random_search}
terminate: {evals: 60}
`

func TestPush(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	defineBranin(t, s)
	message := func(v map[string]any) string { return v["error"].(map[string]any)["message"].(string) }
	if got := message(s.act(http.StatusBadRequest, "push", `{"format": "csv", "text": "x1,x2\n1,2\n1,99\n"}`)); !strings.Contains(got, "3") || !strings.Contains(got, "99") {
		t.Errorf("the error is %q", got)
	}
	if got := s.act(http.StatusOK, "push", `{"format": "csv", "text": "x1,x2\n1,2\n3,4\n", "preview": true}`); len(listOf(got["rows"])) != 2 || got["done"] != 0.0 {
		t.Errorf("the preview is %v", got)
	}
	if c, err := s.net.Counts(t.Context()); err != nil || c.Total() != 0 {
		t.Errorf("a preview pushed: %v, %v", c, err)
	}
	if got := s.act(http.StatusOK, "push", `{"format": "jsonl", "text": "{\"x1\": 1, \"x2\": 2}"}`); got["done"] != 1.0 {
		t.Errorf("the answer is %v", got)
	}
	s.act(http.StatusBadRequest, "push", `{"format": "xml", "text": "<x/>"}`)
	s.act(http.StatusNotFound, "dance", `{}`)
	s.act(http.StatusBadRequest, "retry", `{}`)
	s.act(http.StatusBadRequest, "retry", `{"filter": {"state": ["late"]}}`)
	s.act(http.StatusBadRequest, "retry", `{"filters": {}}`)
}

func defineBranin(t *testing.T, s *site) {
	t.Helper()
	file, err := search.Parse("search.yaml", []byte(branin))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := search.Start(t.Context(), s.net, file.Definition, search.StartOptions{}); err != nil {
		t.Fatal(err)
	}
}

func TestDefinitionAndImportance(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		defineBranin(t, s)
		var def struct {
			ID       string
			Space    []struct{ Name, Type string }
			Codomain []struct{ Name, Goal string }
			Loop     struct{ Name string }
			Limit    int
		}
		s.get(s.path(""), &def)
		if len(def.Space) != 2 || def.Space[0].Name != "x1" || def.Codomain[0].Goal != "minimize" || def.Loop.Name != "random_search" || def.Limit != 60 {
			t.Errorf("the definition is %+v", def)
		}
		if status, body, _ := s.do("GET", s.path("/importance"), ""); status != http.StatusUnprocessableEntity {
			t.Errorf("importance of nothing: %d %s", status, body)
		}
		var tasks []rush.Task
		for i := range 60 {
			x1, x2 := float64(i%10)-5, float64(i/10)
			tasks = append(tasks, rush.Task{State: rush.Finished, XS: rush.Values{"x1": x1, "x2": x2}, YS: rush.Values{"y": x1*x1 + x2}})
		}
		if _, err := s.net.PushTasks(t.Context(), tasks); err != nil {
			t.Fatal(err)
		}
		s.view().until(func() bool { return true })
		var imp struct {
			Target     string
			Parameters []struct {
				Name  string
				Share float64
			}
		}
		s.get(s.path("/importance"), &imp)
		if imp.Target != "y" || len(imp.Parameters) != 2 || imp.Parameters[0].Name != "x1" {
			t.Errorf("the importance is %+v", imp)
		}
		var list []struct{ ID string }
		s.get("/api/networks", &list)
		found := false
		for _, n := range list {
			found = found || n.ID == string(s.net.ID())
		}
		if !found {
			t.Errorf("the list of networks is %v", list)
		}
	})
}

func TestExportIsTheStores(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		s.work(1, "double")
		keys := s.push(300)
		if _, err := s.net.Wait(t.Context(), keys...); err != nil {
			t.Fatal(err)
		}
		about, err := s.net.About(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []table.FileFormat{table.Arrow, table.ArrowStream, table.Parquet, table.CSV, table.JSONLines} {
			var want strings.Builder
			if _, err := s.net.Export(t.Context(), &want, &table.ExportOptions{Format: format, About: about}); err != nil {
				t.Fatal(err)
			}
			status, got, header := s.do("GET", s.path("/export?format="+string(format)), "")
			if status != http.StatusOK || got != want.String() {
				t.Errorf("%s: status %d, %d bytes; expected those of the store, %d", format, status, len(got), want.Len())
			}
			if d := header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") || !strings.Contains(d, string(format)) {
				t.Errorf("%s: Content-Disposition is %q", format, d)
			}
		}
		_, some, _ := s.do("GET", s.path("/export?format=jsonl&filter="+`{"where":"y<10.0","state":["finished"]}`), "")
		if n := strings.Count(some, "\n"); n != 5 {
			t.Errorf("%d rows have y < 10; expected 5", n)
		}
		if status, _, _ := s.do("GET", s.path("/export?format=xlsx"), ""); status != http.StatusBadRequest {
			t.Errorf("an unknown format: status %d", status)
		}
	})
}

func TestTimelineAndLogs(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		v := s.view()
		if err := v.conn.WriteMessage(websocket.TextMessage, []byte(`{"type": "logs", "on": true}`)); err != nil {
			t.Fatal(err)
		}
		if err := v.conn.WriteMessage(websocket.TextMessage, []byte(`{"type": "ping"}`)); err != nil {
			t.Fatal(err)
		}
		v.until(func() bool { return v.said["pong"] != nil })
		s.work(1, "double")
		keys := s.push(20)
		if _, err := s.net.Wait(t.Context(), keys...); err != nil {
			t.Fatal(err)
		}
		v.until(func() bool { return v.said["logs"] != nil && v.states()["finished"] == 20 })
		var line struct {
			Bars   []struct{ Worker, State string }
			Merged bool
		}
		s.get(s.path("/timeline"), &line)
		if len(line.Bars) != 20 || line.Merged || line.Bars[0].Worker == "" {
			t.Errorf("the timeline is %+v", line)
		}
		s.get(s.path("/timeline?to_us=1"), &line)
		if len(line.Bars) != 0 {
			t.Errorf("the timeline of 1970 is %+v", line)
		}
		var logs struct{ Entries []map[string]any }
		s.get(s.path("/logs?search=REGISTERED"), &logs)
		if len(logs.Entries) != 1 {
			t.Errorf("the log has %v", logs)
		}
		s.get(s.path("/logs?before=0"), &logs)
		if len(logs.Entries) != 0 {
			t.Errorf("the log before its beginning has %v", logs)
		}
		var workers struct{ Workers []map[string]any }
		if s.get(s.path("/workers"), &workers); len(workers.Workers) != 1 || workers.Workers[0]["tasks"] != 20.0 {
			t.Errorf("the workers are %v", workers)
		}
	})
}
