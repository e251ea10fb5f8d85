// Package hosted runs loops of other languages. The worker is rush's own; the
// person's program, in whatever language, is started beside it and asks it for
// everything that a loop in Go has in its hand, as the verbs of a [Session], over
// gRPC (see [Plugin]) or in JSON lines (see [Command]).
package hosted
