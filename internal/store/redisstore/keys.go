package redisstore

import (
	"fmt"
	"strings"
)

// registryKey holds the registry of networks.
//
//	hash: the network's name -> "ID", or "ID NAME" once it was renamed from NAME
//
// The id is in the network's keys and stays; the name can change. It is the
// first name, followed by ~2, ~3, ... if that id is in use.
const registryKey = "rush:networks"

// A network's other keys begin with rush:{ID}: and so share one slot of a
// Cluster. The braces cannot be part of an id. What Reset drops has the epoch
// after that: rush:{ID}:EPOCH:. The Lua scripts find the keys below under the
// names that luaKeys gives them.
//
// A task's key has just its number after the epoch:
//
//	hash; absent fields are defaults
//
//	h   head: STATE ATTEMPT [!] ' ' CREATED ' ' [STARTED] ' ' [ENDED]; the
//	    state is a letter of d q r f x; ! says that it was taken from the
//	    budget in an earlier attempt; CREATED is in µs since 1970, the
//	    other two in µs since CREATED
//	x u y v      xs, xs_extra, ys, ys_extra
//	c   condition
//	w   worker
//	e   spent: groups of four varints, in ns, that add up
//	q f queue, function
//	g   seed: seven 32-bit integers, little-endian
//	l i timeout and stall, ns
//	m j max retries, memory in bytes
//	d   the tasks that it depends on: NUMBER,NUMBER,...
//	D   the tasks that depend on it, the same
//	A   earlier attempts, each a MessagePack array [number, worker, ys,
//	    ys_extra, condition, started, finished]
//	B   late results, each a MessagePack array [attempt, worker, ys, condition, at]
//	P   progress
const (
	// netKey: hash, the network itself.
	//
	//	v   the schema's version
	//	c   when it was created, µs since 1970
	//	e   epoch, from 0
	//	dv db L R    definition: version, body, limit, reserved
	//	nx  the next automatic number
	//	nc nd        tasks created and deleted, ever
	//	df qu ru fi fa   tasks in each state
	//	tq  queued tasks that were taken from the budget before
	//	cl  numbers that workers hold
	//	tk  taken from the budget
	//	lg  length of the log of endings
	//	la  the last sign of life: a beat or an ending, µs
	//	rs rr re ra rz   run: status, reason, µs of the legs before this one,
	//	    start of the last leg, its end
	//	sp ss sr     1 when a stop was requested, with its status and reason
	//	iw  waiting workers: size of the set idleKey
	//	rw  waiting readers: size of the set readersKey
	//	wo  the order of the worker that was registered last
	//	ch  changes: grows with all that an audit could see
	netKey = "net"

	// logKey: list, the endings in their order. An entry is NUMBER*4 + KIND,
	// and :ATTEMPT if that is not 1; KIND is 0 for a withdrawal, 1 for
	// finished, 2 for failed. A list takes a third of the memory of a stream
	// and is read and written in less than half its time; who waits for
	// entries is in readersKey instead.
	logKey = "log"

	// queueKey, by queue: list of queued tasks, the next one first.
	queueKey = "q:"
	// queuesKey: set of the queues that ever had a task.
	queuesKey = "queues"
	// deferredKey: set of deferred tasks.
	deferredKey = "deferred"
	// claimsKey: hash, reserved number -> the worker that holds it.
	claimsKey = "claims"
	// poolKey: sorted set of reserved numbers that went back, by number.
	poolKey = "pool"

	// workerKey, by worker: hash.
	//
	//	i   what it said of itself when it registered, JSON
	//	p   PID@HOST
	//	s rs   state, and the reason why it ended
	//	rg bt en   registered, last beat, ended: µs
	//	x   expiry in µs; 0 is never
	//	g   signal
	//	r   its running tasks: ,NUMBER,NUMBER, or nothing
	//	n m the nonce of its last step, and the answer that it got
	//	k b endings that it delivered, and the µs that these tasks took
	//	z   1 while it is in idleKey
	workerKey = "w:"
	// workersKey: sorted set of workers by the order of registration.
	workersKey = "workers"
	// aliveKey: sorted set of the workers that are alive, by the time in µs
	// when their heartbeat lapses.
	aliveKey = "alive"

	// idleKey: sorted set of the workers that wait in Next; 1 for those that
	// wait on when the network is drained, 0 for the others.
	idleKey = "idle"
	// readersKey: set of those that wait for endings.
	readersKey = "readers"

	// Tokens, each of which wakes one waiter: lists. A waiter that finds
	// nothing deletes those for what it looked for, in the same step, and then
	// blocks on them; so none is lost in between, and none is left over.
	wakeWorkerKey = "wake:w:" // for a worker in Next
	wakeQueueKey  = "wake:q:" // for any worker in Next that listens to a queue
	wakeSignalKey = "wake:s:" // for who awaits a worker's signal
	wakeReaderKey = "wake:r:" // for a reader of the log

	// createKey, by nonce and chunk: string, the first automatic number of
	// what a Create made. It expires.
	createKey = "create:"
	// onceKey, by nonce: string, the answer of a call, for its repeat after a
	// lost reply. It expires.
	onceKey = "once:"

	// trashKey: hash, the epoch of a reset -> the number below which task
	// hashes are still to be deleted.
	trashKey = "trash"
)

// luaKeys declares the names under which the scripts know the keys. P and T
// are the beginnings without and with the epoch.
func luaKeys() string {
	names := []struct{ name, key string }{
		{"LOG", logKey}, {"QUEUE", queueKey}, {"QUEUES", queuesKey}, {"DEFERRED", deferredKey}, {"CLAIMS", claimsKey},
		{"POOL", poolKey}, {"WORKER", workerKey}, {"WORKERS", workersKey}, {"ALIVE", aliveKey}, {"IDLE", idleKey},
		{"READERS", readersKey}, {"WAKE_WORKER", wakeWorkerKey}, {"WAKE_QUEUE", wakeQueueKey},
		{"WAKE_SIGNAL", wakeSignalKey}, {"WAKE_READER", wakeReaderKey}, {"CREATE", createKey}, {"ONCE", onceKey},
		{"TRASH", trashKey},
	}
	var b strings.Builder
	for _, n := range names {
		fmt.Fprintf(&b, "local %s = %q\n", n.name, n.key)
	}
	fmt.Fprintf(&b, "local P = string.sub(KEYS[1], 1, -%d)\n", len(netKey)+1)
	return b.String()
}

// key returns a key of the network with an id.
func key(id string, parts ...string) string { return "rush:{" + id + "}:" + strings.Join(parts, "") }
