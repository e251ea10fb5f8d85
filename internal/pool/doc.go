// Package pool keeps processes that evaluate one task after the other: as many as
// tasks run at once. [New] makes a pool; Take hands out a process, an idle one
// that is alive or else a fresh one, and Give takes it back. A process that
// crashes is not started again in a hurry, and after some crashes in a row not at
// all: then the error is a [loops.Unusable].
package pool
