// Package rushworker is what a worker's loop holds in its hand: it takes
// tasks from the network, or creates its own, and delivers what came out.
//
// A worker is opened, runs its loop, and is closed:
//
//	w, err := rushworker.Open(ctx, rushworker.Config{Store: url, Network: "test"})
//	for !w.Terminated() {
//		task, err := w.Pop(ctx, time.Second)
//		...
//		err = w.Finish(ctx, task, rush.Values{"y": y}, nil)
//	}
//	err = w.Close(ctx, "the loop ended")
//
// Most loops want [Worker.Next] instead, which delivers one result and brings
// the next task in a single round trip. Workers that package network starts
// are opened for the loop already.
//
// What can be read of a network, by workers and managers alike, is in
// [Archive].
package rushworker
