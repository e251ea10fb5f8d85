package faults_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
)

// One reply of Redis in so many gets lost on its way, with its connection,
// while two workers search. Nobody but the clients notices: no worker is lost,
// every task is evaluated once, and the run comes to exactly its limit.
func TestRepliesThatGetLostChangeNothing(t *testing.T) {
	t.Parallel()
	loseReplies(t, 5, 6)
	loseReplies(t, 23, 24)
}

func TestSoakRepliesThatGetLost(t *testing.T) {
	t.Parallel()
	if os.Getenv("RUSH_SOAK") == "1" {
		loseReplies(t, 4, 60)
	}
}

// loseReplies runs a search while one reply in n gets lost, for each n from
// one number to before another.
func loseReplies(t *testing.T, from, to int) {
	t.Helper()
	srv := redistest.Start(t, redistest.Options{})
	for every := from; every < to; every++ {
		t.Run(fmt.Sprint("one in ", every), func(t *testing.T) {
			t.Parallel()
			p := redistest.NewProxy(t, srv.Addr())
			s := newScene(t, p.URL())
			p.LoseEvery(every)
			s.play("run")
			if lost := p.Losses(); lost < 80/every {
				t.Errorf("%d replies got lost, expected many more", lost)
			}
			s.url = srv.URL()
			s.finished()
			s.evaluatedOnce()
		})
	}
}

// evaluatedOnce expects that no task needed a second attempt, each attempt was
// evaluated, and no worker was lost.
func (s *scene) evaluatedOnce() {
	s.t.Helper()
	evals, err := evaluations(s.evals)
	if err != nil {
		s.t.Fatal(err)
	}
	if len(evals) != runLimit {
		s.t.Errorf("%d attempts were evaluated, expected %d", len(evals), runLimit)
	}
	for key := range int64(runLimit) {
		if evals[[2]int64{key, 1}] != 1 {
			s.t.Errorf("task %d was evaluated %d times in its first attempt, expected once", key, evals[[2]int64{key, 1}])
		}
	}
	workers, err := s.archive().Workers(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, w := range workers {
		if w.State != rush.WorkerTerminated {
			s.t.Errorf("worker %s is %s: %s", w.ID, w.State, w.Reason)
		}
	}
}
