package storetest

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/rushnet/rush/internal/store"
)

// An Opener returns another handle on the one store under test and has it
// closed at the end of t.
type Opener = func(t *testing.T) store.Store

// A test is one statement about a store. Its name reads as a sentence.
type test struct {
	name string
	run  func(f *fixture)
}

// Run tests the store that open opens. The test that calls it must not be
// parallel with others: when all is closed again, no goroutine may be left.
func Run(t *testing.T, open Opener) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Run("contract", func(t *testing.T) {
		for _, group := range []struct {
			name  string
			tests []test
		}{
			{"store", storeTests()},
			{"define", defineTests()},
			{"rename", renameTests()},
			{"run", runTests()},
			{"reset", resetTests()},
			{"documents", documentTests()},
			{"progress", progressTests()},
			{"reports", reportTests()},
			{"expire", expireTests()},
			{"create", createTests()},
			{"depend", dependTests()},
			{"budget", budgetTests()},
			{"next", nextTests()},
			{"claim", claimTests()},
			{"queue", queueTests()},
			{"end", endTests()},
			{"late", lateTests()},
			{"retry", retryTests()},
			{"delete", deleteTests()},
			{"objects", objectTests()},
			{"folders", folderTests()},
			{"records", recordsTests()},
			{"hashes", hashTests()},
			{"points", pointTests()},
			{"ended", endedTests()},
			{"snapshot", snapshotTests()},
			{"register", registerTests()},
			{"exited", exitedTests()},
			{"signal", signalTests()},
			{"log", logTests()},
			{"lost", lostTests()},
			{"rejoin", rejoinTests()},
			{"alive", aliveTests()},
			{"messages", messageTests()},
			{"pause", pauseTests()},
			{"cancel", cancelTests()},
			{"wake", wakeTests()},
			{"race", raceTests()},
		} {
			t.Run(group.name, func(t *testing.T) {
				t.Parallel()
				for _, tc := range group.tests {
					t.Run(tc.name, func(t *testing.T) {
						t.Parallel()
						tc.run(newFixture(t, open))
					})
				}
			})
		}
	})
	if err := leftBehind(before); err != nil {
		t.Errorf("closing the stores left goroutines behind: %v", err)
	}
}

// leftBehind says which goroutines stay. A client of a server may look once
// more for one that it could not reach, up to a second after it was closed,
// which is longer than goleak waits.
func leftBehind(before goleak.Option) error {
	for start := time.Now(); ; {
		if err := goleak.Find(before); err == nil || time.Since(start) > patience {
			return err
		}
	}
}
