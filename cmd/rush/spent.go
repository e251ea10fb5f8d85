package main

import (
	"context"
	"fmt"
	"time"

	"github.com/rushnet/rush"
)

// A spentLine says where the time of all finished tasks went, in seconds.
type spentLine struct {
	Evaluating float64 `json:"evaluating"`
	Proposing  float64 `json:"proposing"`
	Storing    float64 `json:"storing"`
	Waiting    float64 `json:"waiting"`
}

func spentJSON(s rush.Spent) spentLine {
	return spentLine{s.Evaluating.Seconds(), s.Proposing.Seconds(), s.Storing.Seconds(), s.Waiting.Seconds()}
}

// spent adds up where the time of the finished tasks went.
func (r *running) spent(ctx context.Context) (sum rush.Spent, err error) {
	err = r.net.EachFinished(ctx, rush.FieldTimes, func(t *rush.Task) bool {
		sum.Evaluating += t.Spent.Evaluating
		sum.Proposing += t.Spent.Proposing
		sum.Storing += t.Spent.Storing
		sum.Waiting += t.Spent.Waiting
		return true
	})
	return sum, err
}

// sharesText says it in a line, the shares adding up to all of the workers' time;
// empty when nothing was spent.
func sharesText(s rush.Spent) string {
	total := s.Evaluating + s.Proposing + s.Storing + s.Waiting
	if total <= 0 {
		return ""
	}
	share := func(d time.Duration) string { return fmt.Sprintf("%.3g%%", 100*float64(d)/float64(total)) }
	return fmt.Sprintf("the workers' time: objective %s, optimizer %s, store %s, waiting %s",
		share(s.Evaluating), share(s.Proposing), share(s.Storing), share(s.Waiting))
}
