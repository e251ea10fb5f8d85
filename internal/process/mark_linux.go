package process

import (
	"os"
	"strconv"
	"strings"
)

// kill kills every process with the mark but this one. It finds those only whose
// environment this user may read and that did not change it at their start.
func (m mark) kill() {
	killed := map[int]bool{os.Getpid(): true}
	for again := true; again; { // until nobody forked while the others were looked up
		again = false
		pids, _ := allProcesses() // none where /proc cannot be read
		for _, pid := range pids {
			if !killed[pid] && m.isOn(environOf(pid)) {
				killed[pid], again = true, true
				m.killOne(pid)
			}
		}
	}
}

// killOne kills a process if it has the mark still: see killIn.
func (m mark) killOne(pid int) {
	p, err := os.FindProcess(pid)
	if err != nil {
		return
	}
	defer func() { _ = p.Release() }()
	if m.isOn(environOf(pid)) {
		_ = p.Kill() // it may have ended by itself
	}
}

// environOf returns the environment that a living process was started with; none
// if it cannot be read.
func environOf(pid int) []string {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	if err != nil {
		return nil
	}
	return strings.Split(string(b), "\x00")
}
