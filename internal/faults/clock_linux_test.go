package faults_test

import (
	"testing"
	"time"
)

// Each process finds another time on the machine's clock, as it does when that
// is set an hour forward and back while processes come and go. All go by the
// clock of who opened the file first.
func TestAMachinesClockThatIsSetChangesNothing(t *testing.T) {
	t.Parallel()
	s := newScene(t, t.TempDir()+"/rush.db")
	s.store()
	from := time.Now()
	s.play("run", envWall+"=1")
	to := time.Now()
	s.finished()
	s.evaluatedOnce()
	s.timesBetween(from.Add(-time.Second), to.Add(time.Second))
	s.lapses()
}
