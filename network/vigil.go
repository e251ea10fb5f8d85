package network

import "time"

// A vigil keeps a process that did not run for a while (its machine slept, it
// was stopped, it was cut off) from declaring others lost that fared the same:
// they get the time to beat again. The times are those of the wall, as
// heartbeats' are, and not monotonic: the machine's clock may have been set.
type vigil struct {
	last time.Time // when it looked last; zero: never
	woke time.Time // when it last looked after too long
}

// look notes that the process runs; it usually does so more often than each gap.
// That the clock was set back counts as a gap, too.
func (v *vigil) look(now time.Time, gap time.Duration) {
	now = now.Round(0)
	if !v.last.IsZero() && (now.Sub(v.last) >= gap || now.Before(v.last)) {
		v.woke = now
	}
	v.last = now
}

// trusts reports whether others had the time to beat since the process woke.
func (v *vigil) trusts(grace time.Duration) bool { return v.last.Sub(v.woke) > grace }
