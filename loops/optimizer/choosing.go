package optimizer

import "github.com/rushnet/rush"

// farBehind is how many tasks may end while a worker chooses one point.
const farBehind = 20

// choosing returns the numbers below key whose points others choose at this moment,
// of those which are there being ended or pending, and last being the largest that has
// ended. A number that is farBehind that one is of a worker that died.
func choosing(key, last rush.TaskKey, ended func(rush.TaskKey) bool, pending []*Point) []rush.TaskKey {
	there := make(map[rush.TaskKey]bool, len(pending))
	for _, p := range pending {
		there[p.Key] = true
	}
	var out []rush.TaskKey
	for k := max(last-farBehind, 0); k < key; k++ {
		if !there[k] && !ended(k) {
			out = append(out, k)
		}
	}
	return out
}
