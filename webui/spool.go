package webui

import (
	"errors"
	"io"
	"os"
	"sync"
)

// A spool is a file that one writes while any number read what is there already.
// It takes disk, not memory, and is removed with its last reader.
type spool struct {
	file  *os.File
	named bool // it has its name still

	mu   sync.Mutex // guards what follows
	grew *sync.Cond
	size int64
	done bool  // nothing more will come
	err  error // why what came is not all
	uses int   // who may read, or give it away to readers
}

func newSpool() (*spool, error) {
	file, err := os.CreateTemp("", "rush-ui-*.arrows") // of mode 0600
	if err != nil {
		return nil, err
	}
	// Where a file may lose its name while it is open, nothing is left of it however
	// this process ends; elsewhere release removes it.
	s := &spool{file: file, uses: 1, named: os.Remove(file.Name()) != nil}
	s.grew = sync.NewCond(&s.mu)
	return s, nil
}

// Write adds to the end. It is for one goroutine.
func (s *spool) Write(b []byte) (int, error) {
	s.mu.Lock()
	at := s.size
	s.mu.Unlock()
	n, err := s.file.WriteAt(b, at)
	s.mu.Lock()
	s.size += int64(n)
	s.mu.Unlock()
	s.grew.Broadcast()
	return n, err
}

// state says whether nothing more will come, and why what came is not all.
func (s *spool) state() (done bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done, s.err
}

// finish says that nothing more will come.
func (s *spool) finish(err error) {
	s.mu.Lock()
	s.done, s.err = true, err
	s.mu.Unlock()
	s.grew.Broadcast()
}

// use adds a user; false if the file is gone already.
func (s *spool) use() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.uses == 0 {
		return false
	}
	s.uses++
	return true
}

// release takes a user back; the last one removes the file.
func (s *spool) release() error {
	s.mu.Lock()
	s.uses--
	last := s.uses == 0
	s.mu.Unlock()
	if !last {
		return nil
	}
	err := s.file.Close()
	if s.named {
		err = errors.Join(err, os.Remove(s.file.Name()))
	}
	return err
}

// A spoolReader reads a spool from its beginning, waiting for what is to come.
type spoolReader struct {
	spool *spool
	at    int64
}

// Read reads what is there. The writer always finishes, so that nobody waits for
// ever.
func (r *spoolReader) Read(b []byte) (int, error) {
	s := r.spool
	s.mu.Lock()
	for r.at == s.size && !s.done {
		s.grew.Wait()
	}
	size, done, err := s.size, s.done, s.err
	s.mu.Unlock()
	if r.at == size && done {
		if err == nil {
			err = io.EOF
		}
		return 0, err
	}
	n, err := s.file.ReadAt(b[:min(int64(len(b)), size-r.at)], r.at)
	r.at += int64(n)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}
