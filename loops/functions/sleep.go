package functions

import (
	"context"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
)

// maxSeconds is the longest sleep, about 30 years.
const maxSeconds = 1e9

// seconds names what sleep reads.
const seconds = "seconds"

// sleep takes the time that the value named seconds says, or else the constant
// of that name (see [Function.With]), and returns the seconds that it was asked
// for. Other values may be there and do nothing. It returns early, with the
// cause, when ctx ends.
func sleep() Function {
	return Function{
		Name: "sleep", About: "takes the time that xs.seconds, or the constant seconds, says",
		Space:   space.MustNew(space.Param{Name: seconds, Type: space.Dbl, Lower: 0, Upper: 1}),
		Optimum: 0,
		Optima:  []rush.Values{{seconds: 0.0}},
		MinDim:  1, MaxDim: 1,
		evaluate: evaluateSleep,
	}
}

func evaluateSleep(ctx context.Context, xs, constants rush.Values) (float64, error) {
	s, err := sleepSeconds(xs, constants)
	if err != nil {
		return 0, err
	}
	timer := time.NewTimer(time.Duration(s * float64(time.Second)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return s, nil
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

func sleepSeconds(xs, constants rush.Values) (float64, error) {
	v, ok := xs[seconds]
	if !ok {
		v, ok = constants[seconds]
	}
	if !ok {
		return 0, fmt.Errorf("expected a parameter or a constant named %s, found neither; add one", seconds)
	}
	s, err := number(seconds, v)
	if err == nil && !(0 <= s && s <= maxSeconds) {
		err = fmt.Errorf("%s: expected 0 to %d, found %v", seconds, int(maxSeconds), s)
	}
	return s, err
}
