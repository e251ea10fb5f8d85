package process

import "os"

// EndDescendants kills all that this program started and that is to end with it:
// what else is in its process group, if it is the leader of that, and what carries
// its mark (Options.Descendants of who started it). The program itself may be
// killed, too; call it last, when whoever started the program is gone and cannot
// do it.
func EndDescendants() {
	if own := os.Getenv(markVariable); own != "" {
		mark(own).kill()
	}
	killOwnGroup()
}
