// Package process runs a child process safely: it starts it in a process group
// of its own, ends the whole group, never waits for a pipe that a forgotten
// descendant keeps open, and leaves nothing of the group behind.
//
// Begin with [Start]; read the output with [Lines], [ReadAll] or a [Tail]; then
// [Group.Wait]:
//
//	group, err := process.Start(exec.Command("sim", "-n", "3"), nil)
//	if err != nil { ... }
//	stderr := process.NewTail(4096)
//	go io.Copy(stderr, group.Stderr())
//	out, err := process.ReadAll(group.Stdout(), 64<<20)
//	exit := group.Wait()
//
// What becomes of descendants:
//   - Once the process has ended, by itself or by [Group.KillGroup], all others
//     of its group are killed: a child that it forked into the background does
//     not survive it.
//   - When this program dies, even of kill -9, the process gets a signal on Linux
//     and is killed on Windows with all its descendants. Linux tells the process
//     itself only, not its children; who watches over this program kills them
//     with [KillSession]. macOS has nothing of the kind.
//   - On Unix a descendant that moved to another group or session is left alone,
//     but for [KillSession], [EndDescendants] and, on Linux, Options.Descendants.
package process
