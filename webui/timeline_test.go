package webui

import (
	"math"
	"testing"
	"time"

	"github.com/rushnet/rush"
)

// Bars that are too many are put together by worker, state and column of the picture;
// none is lost.
func TestTimelineIsMerged(t *testing.T) {
	t.Parallel()
	const n = mostBars + 5000
	l := &timeline{to: math.MaxInt64, width: 100, first: math.MaxInt64}
	start := time.Now().Add(-n * time.Millisecond)
	for i := range n {
		at := start.Add(time.Duration(i) * time.Millisecond)
		l.add(rush.Values{
			"number": int64(i), "state": "finished", "worker_id": []string{"ann", "bob"}[i%2], "started": at, "finished": at.Add(time.Millisecond),
		})
	}
	l.add(rush.Values{"number": int64(n), "state": "running", "worker_id": "ann", "started": start})
	l.add(rush.Values{"number": int64(n + 1), "state": "queued"})
	l.merge()
	if got := len(l.bars); got > 2*101+1 || got < 100 {
		t.Errorf("there are %d bars", got)
	}
	tasks := 0
	for _, b := range l.bars {
		tasks += b.Tasks
		if b.State == "running" && b.To != nil {
			t.Errorf("what runs ends at %v", b.To)
		}
	}
	if tasks != n+1 {
		t.Errorf("the bars stand for %d tasks; expected %d", tasks, n+1)
	}
}

// However many tasks there are, few bars are held while they are read.
func TestTimelineIsMergedOnTheWay(t *testing.T) {
	t.Parallel()
	const n = 5 * mostBars
	l := &timeline{to: math.MaxInt64, width: 1000, first: math.MaxInt64}
	start := time.Now().Add(-time.Hour)
	for i := range n {
		at := start.Add(time.Duration(i) * time.Millisecond)
		l.add(rush.Values{"number": int64(i), "state": "finished", "worker_id": "ann", "started": at, "finished": at.Add(time.Millisecond)})
		if len(l.bars) > 2*mostBars+1 {
			t.Fatalf("%d bars are held", len(l.bars))
		}
	}
	l.merge()
	tasks := 0
	for _, b := range l.bars {
		tasks += b.Tasks
	}
	if tasks != n || len(l.bars) > 1100 {
		t.Errorf("%d bars stand for %d tasks; expected %d", len(l.bars), tasks, n)
	}
}

func TestTimelineOfAStretch(t *testing.T) {
	t.Parallel()
	l := &timeline{from: 100, to: 200, first: math.MaxInt64}
	for i, span := range [][2]int64{{10, 99}, {50, 150}, {120, 130}, {190, 300}, {201, 220}} {
		l.add(rush.Values{"number": int64(i), "state": "failed", "started": time.UnixMicro(span[0]), "finished": time.UnixMicro(span[1])})
	}
	if len(l.bars) != 3 || l.bars[0].Number != 1 || l.bars[2].Number != 3 {
		t.Errorf("the bars are %v", l.bars)
	}
}
