package optimizer

import (
	"maps"

	"github.com/rushnet/rush"
)

// sawName is the extra that says what a proposal saw.
const sawName = "saw"

// saw adds to the extras what the proposal saw: how far the log of endings was
// read, which tasks were pending, and which optimizer it was, by its first task.
func (l *Loop) saw(extra rush.Values, pending []*Point) rush.Values {
	keys := make([]any, len(pending))
	for i, p := range pending {
		keys[i] = int64(p.Key)
	}
	all := maps.Clone(extra)
	if all == nil {
		all = make(rush.Values, 1)
	}
	all[sawName] = map[string]any{"endings": l.view.at.Offset, "pending": keys, "first": int64(l.first)}
	return all
}
