// Package faults holds the tests of what is left when things fail: processes
// are killed at every boundary of a call of the store, replies get lost, clocks
// are wrong, there are many tasks and many workers. After each the invariants
// hold, the counts add up, and a run goes on to exactly its limit.
//
// The long ones, TestSoak*, run with make soak.
package faults
