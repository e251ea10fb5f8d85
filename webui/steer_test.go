package webui_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	neturl "net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/table"
	"github.com/rushnet/rush/webui"
)

// messageOf is the message of an error.
func messageOf(v map[string]any) string {
	e, _ := v["error"].(map[string]any)
	text, _ := e["message"].(string)
	return text
}

// Every verb is refused by a read-only page and on a file, and leaves a line in the
// log when it is refused or done: one that is added without that fails here.
func TestEveryVerb(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newSite(t, filepath.Join(dir, "rush.db"), nil)
	s.push(1)
	readOnly := serve(t, s.net, filepath.Join(dir, "rush.db"), func(c *webui.Config) { c.ReadOnly = true })
	file := filepath.Join(dir, string(s.net.ID())+".parquet")
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	about, err := s.net.About(t.Context())
	if err == nil {
		_, err = s.net.Export(t.Context(), out, &table.ExportOptions{Format: table.Parquet, About: about})
	}
	if err := errors.Join(err, out.Close()); err != nil {
		t.Fatal(err)
	}
	frozen := serve(t, s.net, file, nil)
	for _, verb := range webui.VerbsForTest() {
		readOnly.act(http.StatusForbidden, verb, `{}`)
		frozen.act(http.StatusForbidden, verb, `{}`)
		s.act(http.StatusBadRequest, verb, `{"unknown": 1}`)
		if !strings.Contains(s.log.String(), "action="+verb) {
			t.Errorf("%s leaves no line in the log", verb)
		}
	}
	if c, err := s.net.Counts(t.Context()); err != nil || c.Queued != 1 {
		t.Errorf("the counts are %v, %v", c, err)
	}
}

func TestResetDestroyAndKeep(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		s.work(1, "double")
		keys := s.push(3)
		if _, err := s.net.Wait(t.Context(), keys...); err != nil {
			t.Fatal(err)
		}
		confirm := `"confirm": ` + quote(string(s.net.ID()))
		s.act(http.StatusBadRequest, "reset", `{"confirm": "another"}`)
		s.act(http.StatusBadRequest, "destroy", `{}`)
		s.act(http.StatusBadRequest, "destroy", `{`+confirm+`, "after_us": -1}`)
		if got := s.act(http.StatusOK, "reset", `{`+confirm+`}`); got["done"] != 3.0 {
			t.Errorf("the answer is %v", got)
		}
		if all, err := s.net.Workers(t.Context()); err != nil || len(all) != 1 {
			t.Errorf("the workers are %v, %v; a reset of the tasks keeps them", all, err)
		}
		s.act(http.StatusOK, "reset", `{`+confirm+`, "with_workers": true, "terminate": true}`)
		if all, err := s.net.Workers(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("the workers are %v, %v; expected none", all, err)
		}
		expires := func() any {
			var def map[string]any
			s.get(s.path(""), &def)
			return def["expires"]
		}
		if got := s.act(http.StatusOK, "destroy", `{`+confirm+`, "after_us": 3600000000}`); got["pending"] != true {
			t.Errorf("the answer is %v", got)
		}
		if expires() == nil {
			t.Error("the definition does not say when the network is deleted")
		}
		if s.act(http.StatusOK, "keep", `{}`); expires() != nil {
			t.Errorf("the network is deleted at %v, though it is kept", expires())
		}
		s.act(http.StatusOK, "destroy", `{`+confirm+`}`)
		if status, body, _ := s.do("GET", s.path(""), ""); status != http.StatusNotFound {
			t.Errorf("after its end: %d %s", status, body)
		}
	})
}

func TestQueuesAreListedAndEmptied(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		v := s.view()
		keys := s.push(3)
		s.act(http.StatusOK, "push", `{"format": "csv", "text": "x\n7\n8\n", "queue": "high"}`)
		var got struct {
			Queues []webui.Queue
			Tasks  []rush.TaskKey
		}
		s.get(s.path("/queues?queue=high"), &got)
		if len(got.Queues) != 2 || got.Queues[1].Name != "high" || got.Queues[1].Length != 2 || len(got.Tasks) != 2 {
			t.Errorf("the queues are %+v", got)
		}
		var task struct{ Place webui.Place }
		if s.get(s.path("/tasks/"+keys[2].String()), &task); task.Place != (webui.Place{Queue: rush.DefaultQueue, Position: 3}) {
			t.Errorf("the last task is at %+v", task.Place)
		}
		v.until(func() bool { return v.states()["queued"] == 5 })
		s.act(http.StatusBadRequest, "unqueue", `{}`)
		if got := s.act(http.StatusOK, "unqueue", `{"filter": {"numbers": [0, 1]}, "expect": 2, "reason": "not needed"}`); got["done"] != 2.0 {
			t.Errorf("the answer is %v", got)
		}
		if got := s.act(http.StatusOK, "unqueue", `{"filter": {"numbers": [0, 2]}}`); got["done"] != 1.0 || len(listOf(got["refused"])) != 1 {
			t.Errorf("the answer is %v", got)
		}
		if got := s.act(http.StatusOK, "empty", `{"queues": ["high"]}`); got["done"] != 2.0 {
			t.Errorf("the answer is %v", got)
		}
		tasks, err := s.net.Tasks(t.Context(), keys[0])
		if err != nil || tasks[0].Condition == nil || tasks[0].Condition.Class != rush.ClassRemoved || tasks[0].Condition.Message != "not needed" {
			t.Errorf("the task is %+v, %v", tasks[0], err)
		}
	})
}

func TestPushOptions(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		first := s.push(1)[0]
		s.act(http.StatusOK, "push", `{"format": "jsonl", "text": "{\"x\": 1}", "queue": "high", "max_retries": 2, "timeout_us": 1500000,
			"extra": {"who": "ann", "n": 9007199254740993, "__proto__": 1}, "after": [0]}`)
		s.act(http.StatusOK, "push", `{"format": "csv", "text": "x,after\n1,\n2,0\n3,0 1\n", "after_rows": "after"}`)
		tasks, err := s.net.Tasks(t.Context(), first+1, first+3, first+4)
		if err != nil {
			t.Fatal(err)
		}
		one := tasks[0]
		if one.State != rush.Deferred || one.Queue != "high" || one.MaxRetries != 2 || one.Timeout != 1500*time.Millisecond ||
			one.XSExtra["n"] != int64(9007199254740993) || one.XSExtra["__proto__"] != int64(1) || len(one.DependsOn) != 1 {
			t.Errorf("the task is %+v", one)
		}
		if len(tasks[1].DependsOn) != 1 || len(tasks[2].DependsOn) != 2 {
			t.Errorf("the rows come after %v and %v", tasks[1].DependsOn, tasks[2].DependsOn)
		}
		for _, wrong := range []string{
			`{"format": "csv", "text": "x\n1\n", "queue": "a", "worker": "b"}`, `{"format": "csv", "text": "x\n1\n", "timeout_us": -1}`,
			`{"format": "csv", "text": "x\n1\n", "max_retries": -1}`, `{"format": "csv", "text": "x\n1\n", "after": [99]}`,
			`{"format": "csv", "text": "x\n"}`, `{"draw": 3}`, `{"draw": -1}`, `{"draw": 1000000000}`, `{"format": "parquet", "text": "x"}`,
			`{"format": "csv", "text": "x\n1\n", "extra": [1]}`,
		} {
			if got := messageOf(s.act(http.StatusBadRequest, "push", wrong)); got == "" {
				t.Errorf("%s has no message", wrong)
			}
		}
		if c, err := s.net.Counts(t.Context()); err != nil || c.Total() != 5 {
			t.Errorf("the counts are %v, %v", c, err)
		}
	})
}

// A column may have any name, and JavaScript's own ones are like all others.
func TestPushNamesOfJavaScript(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	s.act(http.StatusOK, "push", `{"format": "jsonl", "text": "{\"__proto__\": 1, \"constructor\": 2, \"toString\": 3}"}`)
	s.act(http.StatusOK, "push", `{"format": "csv", "text": "__proto__,constructor,toString\n4,5,6\n"}`)
	tasks, err := s.net.Tasks(t.Context(), 0, 1)
	if err != nil || tasks[0].XS["__proto__"] != int64(1) || tasks[1].XS["constructor"] != int64(5) {
		t.Errorf("the tasks are %v, %v", tasks, err)
	}
	got := s.act(http.StatusOK, "push", `{"format": "csv", "text": "__proto__\n4\n", "preview": true}`)
	if rows := listOf(got["rows"]); len(rows) != 1 || rows[0]["__proto__"] != 4.0 {
		t.Errorf("the preview is %v", got)
	}
}

func TestPushParquetAndDrawn(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		defineBranin(t, s)
		if got := s.act(http.StatusOK, "push", `{"draw": 4, "preview": true}`); len(listOf(got["rows"])) != 4 || got["done"] != 0.0 {
			t.Errorf("the preview is %v", got)
		}
		if got := s.act(http.StatusOK, "push", `{"draw": 4, "expect": 4}`); got["done"] != 4.0 {
			t.Errorf("the answer is %v", got)
		}
		free := newSite(t, url, nil) // every column is an input
		free.push(2)
		var file strings.Builder
		if _, err := free.net.Export(t.Context(), &file, &table.ExportOptions{Format: table.Parquet}); err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(map[string]any{"format": "parquet", "bytes": []byte(file.String())})
		if err != nil {
			t.Fatal(err)
		}
		if got := free.act(http.StatusOK, "push", string(body)); got["done"] != 2.0 {
			t.Errorf("the answer is %v", got)
		}
		s.act(http.StatusBadRequest, "push", `{"format": "parquet", "bytes": "bm8gcGFycXVldA=="}`)
	})
}

// A queue is read in parts, however long it is.
func TestQueueInParts(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		s.push(250)
		var all, got []rush.TaskKey
		for i := range rush.TaskKey(250) {
			all = append(all, i)
		}
		for from := 0; ; from += 100 {
			var said struct {
				Queues []webui.Queue
				Tasks  []rush.TaskKey
				From   int
			}
			s.get(s.path(fmt.Sprintf("/queues?queue=default&from=%d", from)), &said)
			if len(said.Queues) != 1 || said.Queues[0].Length != 250 || said.From != from || len(said.Tasks) > 100 {
				t.Fatalf("from %d: %d tasks, of %+v", from, len(said.Tasks), said.Queues)
			}
			if len(said.Tasks) == 0 {
				break
			}
			got = append(got, said.Tasks...)
		}
		if !slices.Equal(got, all) {
			t.Errorf("the parts are %v", got)
		}
		for _, wrong := range []string{"from=-1", "limit=0", "limit=1001", "from=x"} {
			if status, body, _ := s.do(http.MethodGet, s.path("/queues?queue=default&"+wrong), ""); status != http.StatusBadRequest {
				t.Errorf("%s: %d, %s", wrong, status, body)
			}
		}
	})
}

// What the page exports it takes back as points, in each format, and says what it left
// out.
func TestExportedTablesArePushed(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		defineBranin(t, s)
		s.act(http.StatusOK, "push", `{"draw": 3, "extra": {"by": "hand"}}`)
		for i, format := range []string{"csv", "jsonl", "parquet", "arrow", "arrows"} {
			_, file, _ := s.do(http.MethodGet, s.path("/export?format="+format+"&filter="+neturl.QueryEscape(`{"numbers": [0, 1, 2]}`)), "")
			points := map[string]any{"format": format, "text": file}
			if i > 1 {
				points = map[string]any{"format": strings.TrimSuffix(format, "s"), "bytes": []byte(file)}
			}
			for _, preview := range []bool{true, false} {
				points["preview"] = preview
				body, err := json.Marshal(points)
				if err != nil {
					t.Fatal(err)
				}
				got := s.act(http.StatusOK, "push", string(body))
				left := fmt.Sprint(got["left_out"])
				if !strings.HasPrefix(left, "[number state y by condition ") || preview == (got["done"] == 3.0) || preview && len(listOf(got["rows"])) != 3 {
					t.Errorf("%s: the answer is %v", format, got)
				}
			}
		}
		s.act(http.StatusBadRequest, "push", `{"format": "arrow", "bytes": "bm8gQXJyb3cgYXQgYWxs"}`)
		s.act(http.StatusBadRequest, "push", `{"format": "csv", "text": "x1,x2,mine\n1,2,3\n"}`)
	})
}

func TestWorkersAreToldForgottenAndStarted(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		var asked webui.WorkerStart
		net := newNetwork(t, url)
		s := serve(t, net, url, func(c *webui.Config) {
			c.StartWorkers = func(ctx context.Context, w webui.WorkerStart) ([]rush.WorkerID, error) {
				asked = w
				if w.N > 1 {
					return nil, errors.New("one is enough")
				}
				return net.StartWorkers(ctx, network.Workers{Objective: "wait", IDs: []rush.WorkerID{"ann"}, Queues: w.Queues})
			}
		})
		var def map[string]any
		if s.get(s.path(""), &def); def["starts_workers"] != true {
			t.Errorf("the definition is %v", def)
		}
		s.act(http.StatusBadRequest, "start", `{"n": -1}`)
		s.act(http.StatusUnprocessableEntity, "start", `{"n": 2}`)
		if got := s.act(http.StatusOK, "start", `{"n": 1, "queues": ["high"]}`); got["done"] != 1.0 || asked.Network != net.ID() || asked.Queues[0] != "high" {
			t.Errorf("the answer is %v; asked for %+v", got, asked)
		}
		if got := listOf(s.act(http.StatusOK, "message", `{"command": "PING", "workers": ["ann"]}`)["answers"]); len(got) != 1 || got[0]["value"] != "PONG" {
			t.Errorf("the answers are %v", got)
		}
		s.act(http.StatusOK, "message", `{"command": "TIMEOUT_SET", "argument": 600}`)
		if got := listOf(s.act(http.StatusOK, "message", `{"command": "TIMEOUT_GET"}`)["answers"]); got[0]["value"].(map[string]any)["timeout_idle"] != 600.0 {
			t.Errorf("the answers are %v", got)
		}
		s.act(http.StatusBadRequest, "message", `{"command": "CANCEL"}`)
		s.act(http.StatusNotFound, "message", `{"command": "PING", "workers": ["eve"]}`)
		s.act(http.StatusConflict, "forget", `{"workers": ["ann"]}`)
		s.act(http.StatusOK, "stop", `{"workers": ["ann"]}`)
		if got := s.act(http.StatusOK, "forget", `{}`); got["done"] != 1.0 {
			t.Errorf("the answer is %v", got)
		}
		without := serve(t, net, url, nil)
		if got := messageOf(without.act(http.StatusForbidden, "start", `{"n": 1}`)); !strings.Contains(got, "rush worker") {
			t.Errorf("the error is %q", got)
		}
	})
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		s.work(1, "double")
		const secret = "only-for-workers"
		got := s.act(http.StatusOK, "environment", `{"constants": {"folds": 5}, "variables": {"PASSWORD": "`+secret+`"}}`)
		if got["done"] != 1.0 {
			t.Errorf("the answer is %v; expected a worker that has read it", got)
		}
		_, body, _ := s.do("GET", s.path("/environment"), "")
		if !strings.Contains(body, `"folds":5`) || !strings.Contains(body, "PASSWORD") || strings.Contains(body, secret) {
			t.Errorf("the environment is %s", body)
		}
		if strings.Contains(s.log.String(), secret) {
			t.Error("the text of a variable is in the log")
		}
		s.act(http.StatusOK, "environment", `{"unset_constants": ["folds"], "unset_variables": ["PASSWORD"]}`)
		if _, body, _ := s.do("GET", s.path("/environment"), ""); strings.Contains(body, "folds") || strings.Contains(body, "PASSWORD") {
			t.Errorf("the environment is %s", body)
		}
		s.act(http.StatusBadRequest, "environment", `{}`)
	})
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	defineBranin(t, s)
	s.act(http.StatusBadRequest, "environment", `{"constants": {"x1": 5}}`)
}

func TestAskAndTell(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		if got := s.act(http.StatusOK, "ask", `{}`); got["done"] != 0.0 || got["message"] == nil {
			t.Errorf("the answer is %v", got)
		}
		defineBranin(t, s)
		s = serve(t, s.net, url, nil)
		s.act(http.StatusOK, "push", `{"format": "csv", "text": "x1,x2\n1,2\n3,4\n"}`)
		got := s.act(http.StatusOK, "ask", `{}`)
		if numbers, _ := got["numbers"].([]any); len(numbers) != 1 || numbers[0] != 0.0 {
			t.Fatalf("the answer is %v", got)
		}
		var task struct {
			State  rush.State
			ByHand bool `json:"by_hand"`
		}
		if s.get(s.path("/tasks/0"), &task); task.State != rush.Running || !task.ByHand {
			t.Errorf("the task is %+v", task)
		}
		for _, wrong := range []string{`{}`, `{"number": 0}`, `{"number": 0, "ys": {"y": 1}, "fail": "no"}`, `{"number": 0, "ys": {"z": 1}}`, `{"number": 0, "ys": {"y": "low"}}`, `{"number": 1, "ys": {"z": 1}}`} {
			s.act(http.StatusBadRequest, "tell", wrong)
		}
		s.act(http.StatusBadRequest, "progress", `{"progress": 0.5}`)
		s.act(http.StatusBadRequest, "progress", `{"number": 0, "progress": `+quote(strings.Repeat("x", 17<<10))+`}`)
		s.act(http.StatusConflict, "progress", `{"number": 1, "progress": 0.5}`) // it does not run
		s.act(http.StatusOK, "progress", `{"number": 0, "progress": {"step": 9007199254740993}}`)
		if p, err := s.net.Progress(t.Context(), 0); err != nil || fmt.Sprint(p.Value) != "map[step:9007199254740993]" {
			t.Errorf("the progress is %v, %v", p.Value, err)
		}
		s.act(http.StatusOK, "tell", `{"number": 0, "ys": {"y": 0.5, "note": "by hand"}}`)
		s.act(http.StatusOK, "tell", `{"number": 1, "ys": {"y": 7}}`) // it waits: nobody has taken it
		tasks, err := s.net.Tasks(t.Context(), 0, 1)
		if err != nil || tasks[0].YS["y"] != 0.5 || tasks[0].YSExtra["note"] != "by hand" || tasks[1].State != rush.Finished {
			t.Errorf("the tasks are %+v, %v", tasks, err)
		}
		s.act(http.StatusConflict, "tell", `{"number": 1, "ys": {"y": 8}}`)
		s.act(http.StatusNotFound, "tell", `{"number": 99, "ys": {"y": 8}}`)
		s.act(http.StatusOK, "ask", `{}`) // the loop proposes one
		s.act(http.StatusOK, "tell", `{"number": 2, "fail": "the sample was lost"}`)
	})
}

// What a worker evaluates is not told by somebody else.
func TestTellOfAWorkersTask(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	v := s.view()
	s.work(1, "wait")
	s.push(1)
	v.until(func() bool { return v.states()["running"] == 1 })
	if got := messageOf(s.act(http.StatusConflict, "tell", `{"number": 0, "ys": {"y": 8}}`)); !strings.Contains(got, "evaluates it") {
		t.Errorf("the error is %q", got)
	}
}
