// Package optimizer has what optimizers share: how they see a search, and the
// [Loop] that runs one on every worker.
//
// An [Optimizer] knows no store. It learns the tasks that have ended, in the
// order in which they did, which is the same for all who look, and it proposes a
// point when it is asked, with the random numbers of the task that the point
// becomes. There is no central one: every worker has its own, and they meet in
// the archive. What others evaluate at the moment it is told as pending.
//
// So an optimizer is a function of what it was told. It reads no clock and
// draws from nothing but what it is given; then one worker with a seed proposes
// the same points each time, and what many workers proposed can be replayed from
// a record of what each saw. A [Simulation] runs the same optimizers without
// workers or a store.
package optimizer
