package webui

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// Any number read a spool while it is written, also those who stop halfway; the file is
// gone with the last of them.
func TestSpoolIsReadWhileItIsWritten(t *testing.T) {
	t.Parallel()
	s, err := newSpool()
	if err != nil {
		t.Fatal(err)
	}
	const pieces = 200
	want := strings.Repeat("0123456789abcdef", pieces)
	var all sync.WaitGroup
	for i := range 20 {
		s.use()
		all.Go(func() {
			defer s.release()
			var from io.Reader = &spoolReader{spool: s}
			expect := want
			if i%2 == 1 {
				expect = want[:len(want)/2]
				from = io.LimitReader(from, int64(len(expect)))
			}
			if got, err := io.ReadAll(from); err != nil || string(got) != expect {
				t.Errorf("a reader got %d bytes, %v; expected %d", len(got), err, len(expect))
			}
		})
	}
	for i := range pieces {
		if _, err := s.Write([]byte(want[16*i : 16*i+16])); err != nil {
			t.Fatal(err)
		}
	}
	s.finish(nil)
	all.Wait()
	if err := s.release(); err != nil {
		t.Fatal(err)
	}
	if s.use() {
		t.Error("a spool that is gone is used again")
	}
	if _, err := s.file.Stat(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the file is open still: %v", err)
	}
}

// The disk is full: who reads is told, and takes no part for the whole.
func TestSpoolOfAFullDisk(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Skip("this system has no disk that is always full")
	}
	s := &spool{file: full, uses: 1}
	s.grew = sync.NewCond(&s.mu)
	_, err = io.Copy(s, bytes.NewReader(make([]byte, 1<<20)))
	s.finish(err)
	if _, err := io.ReadAll(&spoolReader{spool: s}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a reader got %v; expected that the disk is full", err)
	}
	if err := s.release(); err != nil {
		t.Error(err)
	}
}
