package process

import (
	"bytes"
	"os"
	"strconv"
)

// KillSession kills every process of a session, whichever group it is in, and
// reports whether it could find out which those are. Only Linux can, where they
// are looked up in /proc; elsewhere nothing happens. A descendant that made a
// session of its own is not found. The session of this program is not touched.
func KillSession(sid int) bool {
	if own, err := sessionOf("self"); err != nil || own == sid || sid <= 0 {
		return false
	}
	killed := map[int]bool{}
	for { // until nobody forked while the others were looked up
		pids, err := members(sid)
		if err != nil {
			return false
		}
		found := false
		for _, pid := range pids {
			if !killed[pid] {
				killed[pid], found = true, true
				killIn(sid, pid)
			}
		}
		if !found {
			return true
		}
	}
}

// killIn kills a process if it is still of the session: the lookup comes after
// the handle on it was taken, so its number cannot be another's.
func killIn(sid, pid int) {
	p, err := os.FindProcess(pid)
	if err != nil {
		return
	}
	defer func() { _ = p.Release() }()
	if s, err := sessionOf(strconv.Itoa(pid)); err == nil && s == sid {
		_ = p.Kill()
	}
}

// members returns the living processes of a session.
func members(sid int) ([]int, error) {
	all, err := allProcesses()
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, pid := range all {
		if s, err := sessionOf(strconv.Itoa(pid)); err == nil && s == sid {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// allProcesses returns the numbers of all processes.
func allProcesses() ([]int, error) {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// sessionOf returns the session of a living process, by proc(5); 0 is nobody's,
// and a dead one's too.
func sessionOf(pid string) (int, error) {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return 0, err
	}
	// The name, in parentheses, may hold anything.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 4 || fields[0][0] == 'Z' || fields[0][0] == 'X' {
		return 0, nil
	}
	return strconv.Atoi(string(fields[3])) // after state, parent and group
}
