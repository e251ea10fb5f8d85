package process

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// kill kills every process with the mark but this one. It finds those only whose
// environment this user may read and that did not change it at their start.
func (m mark) kill() {
	killed, waits := map[int]bool{os.Getpid(): true}, 0
	for again := true; again; { // until nobody forked while the others were looked up
		again = false
		blank := false
		pids, _ := allProcesses() // none where /proc cannot be read
		for _, pid := range pids {
			if killed[pid] {
				continue
			}
			env := environOf(pid)
			if m.isOn(env) {
				killed[pid], again = true, true
				m.killOne(pid)
			}
			blank = blank || len(env) == 0 && isProgram(pid)
		}
		if blank && !again && waits < maxBlank {
			waits++
			again = true
			time.Sleep(time.Millisecond)
		}
	}
}

// maxBlank is how often processes without an environment are looked at again, a
// millisecond later: one that is becoming another program has none for a moment.
const maxBlank = 5

// isProgram reports whether the process is one that runs a program: not the kernel's
// own, nor dead.
func isProgram(pid int) bool {
	_, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/exe")
	return err == nil
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
	if err != nil || len(b) == 0 {
		return nil
	}
	return strings.Split(string(b), "\x00")
}
