package sqlitestore

import (
	"sync"

	"github.com/rushnet/rush"
)

// names remembers which numbers stand for workers and queues. A number never
// changes its meaning and is never given again; a name can get another number
// after a reset, so that what a name gives has to be looked at.
type names struct {
	mu      sync.RWMutex // guards all
	workers map[int64]rush.WorkerID
	ids     map[workerName]int64
	queues  map[int64]string
	sets    map[int64]queueSet // by network
}

type workerName struct {
	network int64
	id      rush.WorkerID
}

// A queueSet is a network's queues at the time when it had so many.
type queueSet struct {
	count int64
	ids   map[string]int64
}

func newNames() *names {
	n := &names{}
	n.forget()
	return n
}

// forget empties the cache: after a rollback, which can take back what it
// knows.
func (n *names) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.workers, n.ids = map[int64]rush.WorkerID{}, map[workerName]int64{}
	n.queues, n.sets = map[int64]string{}, map[int64]queueSet{}
}

func (n *names) learnWorker(name workerName, id int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.workers[id], n.ids[name] = name.id, id
}

func (n *names) learnQueues(network int64, set queueSet) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sets[network] = set
	for name, id := range set.ids {
		n.queues[id] = name
	}
}

// findWorker reads the number of a worker's row; 0 if there is none.
func (t *txn) findWorker(id rush.WorkerID) (number int64, err error) {
	s := t.stmt("SELECT id FROM workers WHERE network = ? AND name = ?").int(t.net.id).text(string(id))
	if s.next() {
		number = s.getInt()
	}
	if err := s.close(); err != nil || number == 0 {
		return 0, err
	}
	t.store.names.learnWorker(workerName{t.net.id, id}, number)
	return number, nil
}

// knownWorker returns the number that a worker had when it was last looked
// up, or 0.
func (t *txn) knownWorker(id rush.WorkerID) int64 {
	t.store.names.mu.RLock()
	defer t.store.names.mu.RUnlock()
	return t.store.names.ids[workerName{t.net.id, id}]
}

// workerName returns the name of the worker with a number; "" for 0.
func (t *txn) workerName(number int64) (rush.WorkerID, error) {
	if number == 0 {
		return "", nil
	}
	t.store.names.mu.RLock()
	id, found := t.store.names.workers[number]
	t.store.names.mu.RUnlock()
	if found {
		return id, nil
	}
	s := t.stmt("SELECT name FROM workers WHERE id = ?").int(number)
	if s.next() {
		id = rush.WorkerID(s.getText())
	}
	if err := s.close(); err != nil || id == "" {
		return "", err
	}
	t.store.names.learnWorker(workerName{t.net.id, id}, number)
	return id, nil
}

// queueIDs returns the numbers of the network's queues by their names.
func (t *txn) queueIDs() (map[string]int64, error) {
	t.store.names.mu.RLock()
	set, found := t.store.names.sets[t.net.id]
	t.store.names.mu.RUnlock()
	if found && set.count == t.net.queues {
		return set.ids, nil
	}
	set = queueSet{t.net.queues, map[string]int64{}}
	s := t.stmt("SELECT id, name FROM queues WHERE network = ?").int(t.net.id)
	for s.next() {
		id := s.getInt()
		set.ids[s.getText()] = id
	}
	if err := s.close(); err != nil {
		return nil, err
	}
	t.store.names.learnQueues(t.net.id, set)
	return set.ids, nil
}

// queueID returns the number of a queue, which is made if it is new.
func (t *txn) queueID(name string) (int64, error) {
	ids, err := t.queueIDs()
	if err != nil || ids[name] != 0 {
		return ids[name], err
	}
	if err := t.stmt("INSERT INTO queues (network, name) VALUES (?, ?)").int(t.net.id).text(name).run(); err != nil {
		return 0, err
	}
	t.net.queues++
	t.interned = true
	ids, err = t.queueIDs()
	return ids[name], err
}

// queueName returns the name of the queue with a number.
func (t *txn) queueName(id int64) (string, error) {
	t.store.names.mu.RLock()
	name, found := t.store.names.queues[id]
	t.store.names.mu.RUnlock()
	if found {
		return name, nil
	}
	s := t.stmt("SELECT name FROM queues WHERE id = ?").int(id)
	if s.next() {
		name = s.getText()
	}
	return name, s.close()
}
