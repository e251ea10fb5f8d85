package sqlitestore

import (
	"context"
	"log/slog"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// A runRow is what a network's row says of its run. Times are microseconds.
type runRow struct {
	status     rush.RunStatus
	reason     string
	elapsed    int64
	started    int64
	ended      int64
	stopStatus rush.RunStatus
}

func (t *txn) run() (r runRow, err error) {
	s := t.stmt("SELECT run_status, run_reason, run_elapsed, run_started, run_ended, stop_status FROM networks WHERE id = ?").int(t.net.id)
	if s.next() {
		r = runRow{rush.RunStatus(s.getText()), s.getText(), s.getInt(), s.getInt(), s.getInt(), rush.RunStatus(s.getText())}
	}
	return r, s.close()
}

func (t *txn) saveRun(r runRow) error {
	return t.stmt(`UPDATE networks SET run_status = ?, run_reason = ?, run_elapsed = ?, run_started = ?, run_ended = ?,
		stop_status = ?, stop_reason = ? WHERE id = ?`).
		text(string(r.status)).text(r.reason).int(r.elapsed).int(r.started).int(r.ended).
		optText(string(r.stopStatus)).optText(t.net.stopReason).int(t.net.id).run()
}

// show returns the run as it is now.
func (t *txn) show(r runRow) rush.Run {
	run := rush.Run{
		Status: r.status, Reason: r.reason, Elapsed: time.Duration(r.elapsed) * time.Microsecond,
		Started: wire.Time(r.started), Ended: wire.Time(r.ended),
	}
	if r.status == rush.RunRunning {
		run.Reason = t.net.stopReason
		run.Elapsed += time.Duration(max(0, t.now-r.started)) * time.Microsecond
	}
	return run
}

// BeginRun marks the run as running.
func (n *network) BeginRun(ctx context.Context) (run rush.Run, err error) {
	err = n.write(ctx, "begin the run", func(t *txn) error {
		r, err := t.run()
		if err != nil {
			return err
		}
		if t.net.stopReason != "" {
			t.topics |= topicWork
		}
		t.net.stopReason, r.stopStatus = "", ""
		if err := t.beginLeg(&r); err != nil {
			return err
		}
		run = t.show(r)
		return t.saveRun(r)
	})
	return run, err
}

// beginLeg begins a leg of the run, or joins the one that is alive.
func (t *txn) beginLeg(r *runRow) error {
	if r.status == rush.RunRunning {
		alive, err := t.someoneBeats()
		if alive || err != nil {
			return err
		}
		r.elapsed += max(0, t.net.alive-r.started)
	}
	r.status, r.reason, r.started, r.ended = rush.RunRunning, "", t.now, 0
	t.net.alive = t.now
	return nil
}

// someoneBeats reports whether a worker is alive whose heartbeat has not
// lapsed.
func (t *txn) someoneBeats() (bool, error) {
	s := t.stmt("SELECT 1 FROM workers WHERE network = ? AND state IN (1, 2) AND (expiry <= 0 OR beat + expiry / 1000 >= ?) LIMIT 1").
		int(t.net.id).int(t.now)
	found := s.next()
	return found, s.close()
}

// Run returns the state of the run.
func (n *network) Run(ctx context.Context) (run rush.Run, err error) {
	err = n.read(ctx, "read the run", func(t *txn) error {
		r, err := t.run()
		run = t.show(r)
		return err
	})
	return run, err
}

// RequestStop asks every worker to end.
func (n *network) RequestStop(ctx context.Context, status rush.RunStatus, reason string) error {
	return n.write(ctx, "request a stop", func(t *txn) error {
		if t.net.stopReason != "" {
			return nil
		}
		if reason == "" {
			reason = "a stop was requested"
		}
		t.topics |= topicWork
		if err := t.event("", slog.LevelInfo, "stop requested", rush.Values{"status": string(status), "reason": reason}); err != nil {
			return err
		}
		return t.stmt("UPDATE networks SET stop_status = ?, stop_reason = ? WHERE id = ?").
			text(string(status)).text(reason).int(t.net.id).run()
	})
}

// EndRun marks a running run as ended.
func (n *network) EndRun(ctx context.Context, status rush.RunStatus, reason string) (run rush.Run, err error) {
	err = n.write(ctx, "end the run", func(t *txn) error {
		r, err := t.run()
		if err != nil {
			return err
		}
		if r.status == rush.RunRunning {
			if t.net.stopReason != "" {
				status, reason = r.stopStatus, t.net.stopReason
			}
			r.elapsed += max(0, t.now-r.started)
			r.status, r.reason, r.ended = status, reason, t.now
			err = t.saveRun(r)
		}
		run = t.show(r)
		return err
	})
	return run, err
}
