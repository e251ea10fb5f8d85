package webui_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush/internal/eachstore"
)

func TestTenThousandTasksStreamed(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		const n = 10_000
		s := newSite(t, url, nil)
		v := s.view()
		s.work(2, "double")
		keys := s.push(n)
		v.until(func() bool { return v.states()["finished"] == n })
		counts, err := s.net.Counts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if counts.Finished != n || len(v.rows) != n {
			t.Errorf("the store has %d finished tasks, the page %d rows; expected %d", counts.Finished, len(v.rows), n)
		}
		if v.resync > 0 {
			t.Errorf("the page had to take %d more snapshots", v.resync)
		}
		streamed := v.rows
		v.snapshot()
		if diff := cmp.Diff(v.rows, streamed); diff != "" {
			t.Errorf("streamed rows are not those of a snapshot (-snapshot +streamed):\n%.2000s", diff)
		}
		for i, key := range keys {
			if row := v.rows[int64(key)]; row["x"] != int64(i) || row["y"] != 2*float64(i) {
				t.Fatalf("task %d is %v", key, row)
			}
		}
	})
}

func TestTasksThatHaveNotEnded(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		v := s.view()
		keys := s.push(3)
		v.until(func() bool { return v.states()["queued"] == 3 })
		s.work(1, "wait")
		v.until(func() bool { return v.states()["running"] == 1 })
		s.act(200, "delete", `{"filter": {"state": ["queued"]}, "expect": 2}`)
		v.until(func() bool { return len(v.rows) == 1 })
		s.act(200, "cancel", `{"filter": {"state": ["running"]}}`)
		v.until(func() bool { return v.states()["failed"] == 1 })
		filter := `{"filter": {"condition": "cancelled: ` + conditionMessage(v) + `"}`
		if got := s.act(200, "retry", filter+"}"); got["done"] != 0.0 || len(got["refused"].([]any)) != 1 {
			t.Errorf("a task without retries left was retried: %v", got)
		}
		s.act(200, "retry", filter+`, "retry": {"ignore_limit": true}, "expect": 1}`)
		v.until(func() bool { return v.states()["running"] == 1 })
		if row := v.rows[int64(keys[0])]; row["attempt"] != int64(2) {
			t.Errorf("the task that was retried is %v", row)
		}
		s.act(200, "reset", `{"confirm": "`+string(s.net.ID())+`"}`)
		v.until(func() bool { return len(v.rows) == 0 && v.resync > 0 })
	})
}

func conditionMessage(v *viewer) string {
	for _, row := range v.rows {
		if c, ok := row["condition"].(string); ok {
			return c[len("cancelled: "):]
		}
	}
	return ""
}
