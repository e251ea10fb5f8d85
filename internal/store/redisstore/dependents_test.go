package redisstore_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store/storetest"
)

// A step is a command of Redis, which scripts run too.
func TestDependentsTakeWorkInProportion(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	s, c := open(t, srv.URL()), client(t, srv)
	commands := func(t testing.TB) (all int64) {
		t.Helper()
		stats, err := c.Info(t.Context(), "commandstats").Result()
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split(stats, ":calls=")[1:] {
			calls, _, _ := strings.Cut(part, ",")
			n, err := strconv.ParseInt(calls, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			all += n
		}
		return all
	}
	storetest.WantProportional(t, s, commands)
}

func BenchmarkDependents(b *testing.B) {
	storetest.BenchDependents(b, open(b, redistest.Start(b, redistest.Options{}).URL()))
}

func BenchmarkRepair(b *testing.B) {
	storetest.BenchRepair(b, open(b, redistest.Start(b, redistest.Options{}).URL()))
}
