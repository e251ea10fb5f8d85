package redisstore

import (
	"strconv"
	"strings"

	"github.com/rushnet/rush/internal/store"
)

// registryKey holds the registry of networks.
//
//	hash: the network's name -> "ID", or "ID NAME" once it was renamed from NAME
//
// The id is in the network's keys and stays; the name can change. It is the
// first name, followed by ~2, ~3, ... if that id is in use.
const registryKey = "rush:networks"

// expiringKey is a sorted set of the names of networks that are to be
// destroyed, by the time in µs when. It is a hint: the counter EXPIRES decides.
const expiringKey = "rush:expiring"

// foldersKey is a set of the folders of objects of destroyed networks, which
// are to be removed.
const foldersKey = "rush:folders"

// A network's other keys begin with rush:{ID}: and so share one slot of a
// Cluster. The braces cannot be part of an id. What Reset drops has the epoch
// after that: rush:{ID}:EPOCH:. The Lua scripts find the keys below under the
// names that constants gives them.
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
//	p e spent, before and with the ending: groups of four varints, in ns, that
//	    all add up
//	q f queue, function
//	g   seed: seven 32-bit integers, little-endian
//	l i timeout and stall, ns
//	m j max retries, memory in bytes
//	o   1: in a process of its own
//	d   the tasks that it depends on: NUMBER,NUMBER,...
//	n   how many of them have not finished, while it is deferred
//	A   earlier attempts, each a MessagePack array [number, worker, ys,
//	    ys_extra, condition, started, finished, retried, reports as in R]
//	B   late results, each a MessagePack array [attempt, worker, ys, condition, at]
//	P   progress
//	R   reports, each a MessagePack array [step, ys]; the largest step first
const (
	// netKey: hash, the network itself.
	//
	//	dv db   the definition's version and body
	//	rs rr re ra rz   run: status, reason, µs of the legs before this one,
	//	    start of the last leg, its end
	//	ss sr   status and reason of the stop request
	//	wo  the order of the worker that was registered last
	//	oi ov od of   limits of objects: inline, of values; directory and folder
	//	lk  how many entries of the log are kept, unless it is the default
	//	mo  the number of the message that was sent last
	netKey = "net"

	// countersKey: string, the network's counters, as little-endian integers
	// of 64 bits. A network exists while it has them.
	countersKey = "counters"

	// logKey: list, the endings in their order. An entry is the number, followed
	// by a digit: 0 for a withdrawal, 1 for finished, 2 for failed. If the
	// attempt is not the first, it is ATTEMPT:, the number, and a digit that is
	// larger by 5. A list takes a third of the memory of a stream
	// and is read and written in less than half its time; who waits for
	// entries is in readersKey instead.
	logKey = "log"

	// queueKey, by queue: list of queued tasks, the next one first.
	queueKey = "q:"
	// queuesKey: set of the queues that ever had a task.
	queuesKey = "queues"
	// deferredKey: set of deferred tasks.
	deferredKey = "deferred"
	// dependentsKey: hash, number -> the tasks that depend on it, ended or not:
	// NUMBER,NUMBER,...
	dependentsKey = "dependents"
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
	//	rj  how often it was declared lost and came back
	//	wp  1: it was paused when it ended
	workerKey = "w:"
	// memoryKey, by worker: string, what changes of it all the time:
	//
	//	the nonce of its last step, the endings that it delivered and the µs
	//	that these tasks took, as little-endian integers of 64 bits;
	//	a byte that is 1 while it is in idleKey;
	//	a byte that is 1 while it is alive, 2 if it is paused then;
	//	a byte with its signal: 0 none, 1 terminate, 2 kill;
	//	the length, in 32 bits, of
	//	its running tasks: ,NUMBER,NUMBER, or nothing;
	//	the answer to its last step, as far as a repeat has to be given the
	//	same again, in MessagePack
	memoryKey = "m:"
	// workersKey: sorted set of workers by the order of registration.
	workersKey = "workers"
	// aliveKey: sorted set of the workers that are alive, by the time in µs
	// when their heartbeat lapses.
	aliveKey = "alive"

	// goneKey: set of the workers that ended and were deleted, by which their
	// own queues are still known.
	goneKey = "gone"

	// aliveReadersKey: set of those that wait for aliveKey to have others.
	aliveReadersKey = "alive:readers"
	wakeAliveKey    = "wake:a:" // for one of them

	// idleKey: sorted set of the workers that wait in Next; 1 for those that
	// wait on when the network is drained, 0 for the others.
	idleKey = "idle"
	// readersKey: set of those that wait for endings.
	readersKey = "readers"

	// entriesKey: stream, the network's log. An entry's id is 0-, followed by
	// its offset + 1; a stream counts them, trims itself, and keeps the names of
	// the fields once for many entries.
	//
	//	s time, µs   w worker   t task or -1   k kind   l level   g logger
	//	m message    a attributes, MessagePack, or empty
	entriesKey = "entries"
	// logReadersKey: set of those that wait for entries of the log.
	logReadersKey = "logreaders"

	// Tokens, each of which wakes one waiter: lists. A waiter that finds
	// nothing deletes those for what it looked for, in the same step, and then
	// blocks on them; so none is lost in between, and none is left over.
	wakeWorkerKey = "wake:w:" // for a worker in Next
	wakeQueueKey  = "wake:q:" // for any worker in Next that listens to a queue
	wakeSignalKey = "wake:s:" // for who awaits a worker's mail
	wakeReaderKey = "wake:r:" // for a reader of the endings or of responses
	wakeLogKey    = "wake:l:" // for a reader of the log

	// createKey, by BORN, nonce and chunk: string, the first automatic number of
	// what a Create made in this epoch. It expires.
	createKey = "create:"
	// onceKey, by nonce: string, the answer of a call, for its repeat after a
	// lost reply. It expires.
	onceKey = "once:"

	// hashKey, by its key, in an epoch: hash, what a person's program shares.
	hashKey = "hash:"
	// hashesKey, in an epoch: set of the keys of these.
	hashesKey = "hashes"
	// pointsKey and numbersKey are such hashes: point -> the number of the task that
	// has it, and number -> point.
	pointsKey, numbersKey = "\x00points", "\x00numbers"

	// documentsKey: hash, name -> body.
	documentsKey = "docs"
	// documentReadersKey: set of those that wait for a document or for a new
	// version of the definition.
	documentReadersKey = "docs:readers"
	wakeDocumentKey    = "wake:d:" // for one of them
	// objectKey, by hash: hash, an object: s size, l place, f file, d data,
	// t when it was put last in µs.
	objectKey = "o:"
	// objectsKey: set of the hashes of all objects.
	objectsKey = "objects"
	// holdersKey, by hash: set of the tags that hold an object.
	holdersKey = "oh:"
	// taggedKey, by tag: set of the hashes that a tag holds.
	taggedKey = "ot:"
	// objectTagsKey: set of all tags.
	objectTagsKey = "otags"
	// objectFilesKey: set of the files of deleted objects, to be removed.
	objectFilesKey = "ofiles"
	// objectFoldersKey: set of the folders of objects that destroyed networks
	// of this id had, until they are in foldersKey.
	objectFoldersKey = "ofolders"
	// messagesKey: sorted set of the messages that have responses, by number.
	messagesKey = "messages"
	// mailKey, by worker: list of the messages that it has not answered, in
	// their order: number, command and argument in MessagePack.
	mailKey = "mail:"
	// responsesKey, by message: hash, worker -> nothing while the response is
	// pending, then 1 for an error or 0, µs since 1970 and the response, in
	// MessagePack.
	responsesKey = "re:"
	// awaitedKey, by message: set of those that wait for its responses. It
	// expires.
	awaitedKey = "await:"

	// trashKey: hash, the epoch of a reset -> the number below which task
	// hashes are still to be deleted.
	trashKey = "trash"
)

// counters are the names of a network's counters in the scripts, in their
// order.
var counters = [...]string{
	"VERSION",   // of the schema
	"BORN",      // when the network was created, µs since 1970
	"EPOCH",     // raised by each reset, from 0
	"NEXT",      // the next automatic number
	"CREATED",   // tasks, ever
	"DELETED",   // tasks, ever
	"DEFERREDS", // tasks that are deferred
	"QUEUED",
	"REQUEUED", // queued tasks that were taken from the budget before
	"RUNNING",
	"FINISHED",
	"FAILED",
	"HELD",     // numbers that workers hold
	"TAKEN",    // from the budget
	"LOGGED",   // length of the log of endings
	"SIGN",     // when there was the last sign of life, a beat or an ending, µs
	"LIMIT",    // as defined
	"RESERVED", // as defined
	"STOPPED",  // 1 when a stop was requested
	"IDLERS",   // size of idleKey
	"WAITERS",  // size of readersKey
	"EXPIRES",  // when the network is to be destroyed, µs; 0 is never
	"CHANGES",  // grows with every change that an audit could see
}

// constants are what the scripts write in capitals instead of a literal, which
// is faster than a variable.
func constants(ignoreSchema bool) map[string]string {
	text := func(s string) string { return "'" + s + "'" }
	values := map[string]string{
		"LOG": text(logKey), "QUEUE": text(queueKey), "QUEUES": text(queuesKey), "DEFERRED": text(deferredKey), "DEPENDENTS": text(dependentsKey),
		"CLAIMS": text(claimsKey), "POOL": text(poolKey), "WORKER": text(workerKey), "WORKERS": text(workersKey),
		"ALIVE": text(aliveKey), "ALIVEREADERS": text(aliveReadersKey), "WAKEALIVE": text(wakeAliveKey), "GONE": text(goneKey), "IDLE": text(idleKey), "READERS": text(readersKey),
		"WAKEWORKER": text(wakeWorkerKey), "WAKEQUEUE": text(wakeQueueKey), "WAKESIGNAL": text(wakeSignalKey),
		"WAKEREADER": text(wakeReaderKey), "CREATE": text(createKey), "ONCE": text(onceKey), "TRASH": text(trashKey),
		"HASH": text(hashKey), "HASHES": text(hashesKey), "POINTS": text(`\0` + pointsKey[1:]), "NUMBERS": text(`\0` + numbersKey[1:]),
		"DOCUMENTS": text(documentsKey), "DOCREADERS": text(documentReadersKey), "WAKEDOCUMENT": text(wakeDocumentKey),
		"OBJECT": text(objectKey), "OBJECTS": text(objectsKey), "HOLDERS": text(holdersKey), "TAGGED": text(taggedKey),
		"OBJECTTAGS": text(objectTagsKey), "OBJECTFILES": text(objectFilesKey), "OBJECTFOLDERS": text(objectFoldersKey),
		"MESSAGES": text(messagesKey), "MAIL": text(mailKey), "RESPONSES": text(responsesKey), "AWAITED": text(awaitedKey),
		"SCHEMA": strconv.Itoa(store.Schema), "ACCEPTED": strconv.Itoa(store.Schema), "LAYOUT": text("<" + strings.Repeat("i8", len(counters))),
		"COUNTS": text(countersKey), "MEMORY": text(memoryKey), "TERMINATE": "1", "KILL": "2",
		"ENTRIES": text(entriesKey), "LOGREADERS": text(logReadersKey), "WAKELOG": text(wakeLogKey), "LOGKEEP": strconv.Itoa(store.LogKeep),
		"COUNTERS": strconv.Itoa(len(counters)), "MEMORYHEAD": text("<i8i8i8BBBI4"), "MEMORYSIZE": strconv.Itoa(memorySize),
		"KEEP": strconv.Itoa(keepAnswers), "TOKENLIFE": strconv.Itoa(tokenLife),
	}
	for i, name := range counters {
		values[name] = strconv.Itoa(i + 1)
	}
	if ignoreSchema {
		values["ACCEPTED"] = "N[" + values["VERSION"] + "]" // whatever is there
	}
	return values
}

const (
	keepAnswers = 600 // s: a repeat that comes later than this is another call
	tokenLife   = 60  // s: how long a token stays that nobody takes
	memorySize  = 31  // bytes of the head of a worker's memory
)

// key returns a key of the network with an id.
func key(id string, parts ...string) string { return "rush:{" + id + "}:" + strings.Join(parts, "") }
