package process

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// A handle is a job object: the process and all that it starts.
type handle struct{ job windows.Handle }

func setAttributes(attr *syscall.SysProcAttr, _ Options) {
	attr.CreationFlags |= windows.CREATE_NEW_PROCESS_GROUP
}

// hold puts the process into a job. What it started before that, in its first
// moments, is not of the job.
func hold(p *os.Process, opts Options) (handle, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return handle{}, fmt.Errorf("create a job object: %w", err)
	}
	if err := enter(job, p.Pid, opts); err != nil {
		_ = windows.CloseHandle(job)
		return handle{}, fmt.Errorf("put it into a job object: %w", err)
	}
	return handle{job}, nil
}

func enter(job windows.Handle, pid int, opts Options) error {
	if !opts.Outlive {
		var info windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
		info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
		if _, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
			uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info))); err != nil {
			return err
		}
	}
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid))
	if err != nil {
		return err
	}
	defer windows.CloseHandle(process)
	return windows.AssignProcessToJobObject(job, process)
}

func (h handle) signal(syscall.Signal) error { return windows.TerminateJobObject(h.job, 1) }

func (h handle) release() { _ = windows.CloseHandle(h.job) }

// awaitExit reaps the process; the job is held by its handle.
func (h handle) awaitExit(cmd *exec.Cmd) { _ = cmd.Wait() }

func signalName(*os.ProcessState) string { return "" }
