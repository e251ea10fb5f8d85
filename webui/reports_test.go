package webui_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/table"
	"github.com/rushnet/rush/webui"
	"github.com/rushnet/rush/webui/netview"
)

// A curve is a task's losses by step, and of which attempt they are.
type curve struct {
	Attempt int64
	Losses  map[int64]float64
}

// reports asks for what was reported after a place, and where it goes on.
func (s *site) reports(after string) (curves map[int64]curve, next string, more bool) {
	s.t.Helper()
	status, body, header := s.do(http.MethodGet, s.path("/reports?after="+after), "")
	if status != http.StatusOK {
		s.t.Fatalf("reports after %q: %d %s", after, status, body)
	}
	return readCurves(s.t, []byte(body)), header.Get("Rush-Sequence"), header.Get("Rush-More") != ""
}

func readCurves(t *testing.T, stream []byte) map[int64]curve {
	t.Helper()
	in, err := table.NewStreamReader(bytes.NewReader(stream))
	ok(t, err)
	defer in.Close()
	curves := map[int64]curve{}
	ok(t, in.Each([]string{"number", "attempt", "step", "loss"}, func(row rush.Values) error {
		number := row["number"].(int64)
		if _, ok := curves[number]; !ok {
			curves[number] = curve{row["attempt"].(int64), map[int64]float64{}}
		}
		curves[number].Losses[row["step"].(int64)] = row["loss"].(float64)
		return nil
	}))
	return curves
}

// impatient has no answer be given twice.
func impatient(c *webui.Config) { c.Pace = time.Nanosecond }

func (s *site) wantReports(what, after string, want map[int64]curve) (next string) {
	s.t.Helper()
	got, next, more := s.reports(after)
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
	if more {
		s.t.Errorf("%s: there is said to be more", what)
	}
	return next
}

// take has a worker take a task and report losses for the steps from 1 on.
func (s *site) take(w *rushworker.Worker, losses ...float64) *rush.Task {
	s.t.Helper()
	task, err := w.Take(s.t.Context(), nil)
	if err != nil || task == nil {
		s.t.Fatalf("took %v, %v", task, err)
	}
	s.report(w, task, 1, losses...)
	return task
}

func (s *site) report(w *rushworker.Worker, task *rush.Task, step int64, losses ...float64) {
	s.t.Helper()
	for i, loss := range losses {
		if err := w.Report(s.t.Context(), task, step+int64(i), rush.Values{"loss": loss}); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *site) worker() *rushworker.Worker {
	s.t.Helper()
	w, err := s.net.OpenWorker(s.t.Context(), rushworker.Config{})
	if err != nil {
		s.t.Fatal(err)
	}
	return w
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Who asks again gets what has ended since, and what runs; of a task that was retried
// the newest attempt.
func TestReports(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, s := t.Context(), newSite(t, url, impatient)
		w := s.worker()
		s.push(4)
		stopped := s.take(w, 3, 2)
		ok(t, w.Finish(ctx, stopped, rush.Values{"loss": 2}, rush.Values{"stopped_at": 2}))
		silent := s.take(w)
		ok(t, w.Finish(ctx, silent, rush.Values{"loss": 1}, nil))
		bad := s.take(w, 7)
		ok(t, w.Fail(ctx, bad, &rush.Condition{Class: rush.ClassError, Message: "no"}, nil))
		running := s.take(w, 5)
		next := s.wantReports("at first", "", map[int64]curve{
			0: {1, map[int64]float64{1: 3, 2: 2}}, 2: {1, map[int64]float64{1: 7}}, 3: {1, map[int64]float64{1: 5}},
		})

		s.report(w, running, 2, 4)
		next = s.wantReports("with one more report", next, map[int64]curve{3: {1, map[int64]float64{1: 5, 2: 4}}})
		ok(t, w.Finish(ctx, running, rush.Values{"loss": 4}, nil))
		s.act(http.StatusOK, "retry", `{"filter": {"numbers": [2]}, "expect": 1, "retry": {"ignore_limit": true}}`)
		again := s.take(w, 6, 5)
		if again.Key != 2 {
			t.Fatalf("task %d was retried", again.Key)
		}
		want := map[int64]curve{2: {2, map[int64]float64{1: 6, 2: 5}}, 3: {1, map[int64]float64{1: 5, 2: 4}}}
		next = s.wantReports("with a retry", next, want)
		ok(t, w.Finish(ctx, again, rush.Values{"loss": 5}, nil))
		delete(want, 3)
		next = s.wantReports("when the retry has ended", next, want)
		s.wantReports("when nothing is new", next, map[int64]curve{})
		want[0], want[3] = curve{1, map[int64]float64{1: 3, 2: 2}}, curve{1, map[int64]float64{1: 5, 2: 4}}
		s.wantReports("from the beginning", "", want)
	})
}

// The definition says whether there are learning curves, so that a page has room for
// them before it has read them: from the first report of a task that runs.
func TestDefinitionSaysWhetherTasksReport(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, s := t.Context(), newSite(t, url, impatient)
		said := func(when string, want bool) {
			t.Helper()
			var def struct {
				Reports *bool `json:"reports"`
			}
			_, body, _ := s.do(http.MethodGet, s.path(""), "")
			ok(t, json.Unmarshal([]byte(body), &def))
			if def.Reports == nil || *def.Reports != want {
				t.Errorf("%s: the definition is %s, expected reports to be %t", when, body, want)
			}
		}
		said("without tasks", false)
		w := s.worker()
		s.push(2)
		ok(t, w.Finish(ctx, s.take(w), rush.Values{"loss": 1}, nil))
		task := s.take(w)
		said("without reports", false)
		s.report(w, task, 1, 3)
		said("while the task runs", true)
		ok(t, w.Finish(ctx, task, rush.Values{"loss": 3}, nil))
		said("when it has ended", true)
	})
}

// open opens the network as a page does.
func (s *site) open(url string) webui.Network {
	s.t.Helper()
	store, err := netview.Open(s.t.Context(), url, nil)
	ok(s.t, err)
	s.t.Cleanup(func() { _ = store.Close() })
	net, err := store.Open(s.t.Context(), s.net.ID())
	ok(s.t, err)
	s.t.Cleanup(func() { _ = net.Close() })
	return net
}

// A long log is looked at in a few places first: where nothing has reported there, it
// is passed over.
func TestReportsOfALongLog(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		const silent, long = 600, 500
		s := newSite(t, url, nil)
		w := s.worker()
		net := s.open(url)
		push := func() {
			tasks := make([]rush.Task, silent/2)
			for i := range tasks {
				tasks[i] = rush.Task{State: rush.Finished, XS: rush.Values{"x": int64(i)}, YS: rush.Values{"loss": 0.5}}
			}
			_, err := s.net.PushTasks(t.Context(), tasks)
			ok(t, err)
		}
		push()
		push()
		body, next, more, err := webui.ReadReportsForTest(t.Context(), net, rush.Cursor{}, 1000, long)
		if err != nil || more || next.Offset != silent || len(readCurves(t, body)) != 0 {
			t.Errorf("of a silent log: next is %v, %v; %v", next, more, err)
		}
		s.push(1)
		ok(t, w.Finish(t.Context(), s.take(w, 1), rush.Values{"loss": 1}, nil))
		push()
		body, next, _, err = webui.ReadReportsForTest(t.Context(), net, rush.Cursor{}, 1000, long)
		if err != nil || next.Offset != silent+1+silent/2 || len(readCurves(t, body)) != 1 {
			t.Errorf("of one that is not: next is %v, %v", next, err)
		}
	})
}

// An answer ends after some reports, and says so.
func TestReportsComeInPieces(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		const tasks, steps = 70, 2
		s := newSite(t, url, nil)
		w := s.worker()
		s.push(tasks)
		for range tasks {
			ok(t, w.Finish(t.Context(), s.take(w, make([]float64, steps)...), rush.Values{"loss": 0}, nil))
		}
		net := s.open(url)
		all, next, more, answers := map[int64]curve{}, rush.Cursor{}, true, 0
		for ; more; answers++ {
			var body []byte
			var err error
			body, next, more, err = webui.ReadReportsForTest(t.Context(), net, next, 1, 1000)
			ok(t, err)
			maps.Copy(all, readCurves(t, body))
		}
		if len(all) != tasks || answers < 2 {
			t.Errorf("%d tasks came in %d answers", len(all), answers)
		}
		for number, c := range all {
			if len(c.Losses) != steps {
				t.Errorf("task %d has %d reports", number, len(c.Losses))
			}
		}
	})
}

// Exported files keep the reports, but for CSV.
func TestReportsOfAFile(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	w := s.worker()
	s.push(2)
	ok(t, w.Finish(t.Context(), s.take(w, 3, 2), rush.Values{"loss": 2}, nil))
	s.take(w, 4)
	about, err := s.net.About(t.Context())
	ok(t, err)
	for format, want := range map[table.FileFormat]map[int64]curve{
		table.Parquet: {0: {1, map[int64]float64{1: 3, 2: 2}}, 1: {1, map[int64]float64{1: 4}}},
		table.CSV:     {},
	} {
		path := filepath.Join(t.TempDir(), fmt.Sprintf("%s.%s", s.net.ID(), format))
		out, err := os.Create(path)
		ok(t, err)
		_, err = s.net.Export(t.Context(), out, &table.ExportOptions{Format: format, About: about})
		ok(t, err)
		ok(t, out.Close())
		file := serve(t, s.net, path, nil)
		file.wantReports(string(format), "", want)
	}
}

func TestReportsAfterNonsense(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	for _, after := range []string{"x", "1", "1.-2", "1.2.3"} {
		status, body, _ := s.do(http.MethodGet, s.path("/reports?after="+after), "")
		if status != http.StatusBadRequest || !strings.Contains(body, "EPOCH.OFFSET") {
			t.Errorf("after %q: %d %s", after, status, body)
		}
	}
}
