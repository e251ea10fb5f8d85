package optimizer

import (
	"maps"

	"github.com/rushnet/rush"
)

// sawName is the extra that says what a proposal saw.
const sawName = "saw"

// A sight is what one proposal saw. Together with the archive it is all that the
// proposal depended on.
type sight struct {
	first   rush.TaskKey // of the optimizer, which tells those of a network apart
	turn    int64        // how many points the optimizer had proposed before
	epoch   int64        // of the log of endings
	endings int64        // how far the log was read
	learned int64        // how many of the endings count: none of them was withdrawn
	pending []rush.TaskKey
	taken   []rush.TaskKey // who had the points that it proposed before
	moved   bool           // the point is a free one near the last of these

	// Of the setting, which a resume may change; with the optimizer's first point.
	evals, workers int64
}

// sight is what the proposal that comes sees.
func (l *Loop) sight(pending []*Point) sight {
	s := sight{
		first: l.first, turn: l.turn, epoch: l.view.at.Epoch, endings: l.view.at.Offset, learned: int64(len(l.view.learned)),
		evals: l.Setting.Evals, workers: int64(l.Setting.Workers),
	}
	for _, p := range pending {
		s.pending = append(s.pending, p.Key)
	}
	return s
}

// with adds it to the extras.
func (s *sight) with(extra rush.Values) rush.Values {
	saw := map[string]any{
		"first": int64(s.first), "turn": s.turn, "epoch": s.epoch, "endings": s.endings, "learned": s.learned, "pending": numbers(s.pending),
	}
	if len(s.taken) > 0 {
		saw["taken"], saw["moved"] = numbers(s.taken), s.moved
	}
	if s.turn == 0 {
		saw["evals"], saw["workers"] = s.evals, s.workers
	}
	all := maps.Clone(extra)
	if all == nil {
		all = make(rush.Values, 1)
	}
	all[sawName] = saw
	return all
}

// sightOf reads what a task's proposal saw; ok is false if it was not recorded.
func sightOf(t *rush.Task) (s sight, ok bool) {
	saw, ok := t.XSExtra[sawName].(map[string]any)
	if !ok {
		return s, false
	}
	var first int64
	for name, into := range map[string]*int64{
		"first": &first, "turn": &s.turn, "epoch": &s.epoch, "endings": &s.endings, "learned": &s.learned,
	} {
		if *into, ok = saw[name].(int64); !ok {
			return s, false
		}
	}
	s.first = rush.TaskKey(first)
	s.evals, _ = saw["evals"].(int64)
	s.workers, _ = saw["workers"].(int64)
	s.pending, s.taken = taskKeys(saw["pending"]), taskKeys(saw["taken"])
	s.moved, _ = saw["moved"].(bool)
	return s, true
}

func numbers(keys []rush.TaskKey) []any {
	list := make([]any, len(keys))
	for i, key := range keys {
		list[i] = int64(key)
	}
	return list
}

// taskKeys reads what numbers wrote.
func taskKeys(v any) (keys []rush.TaskKey) {
	list, _ := v.([]any)
	for _, v := range list {
		key, _ := v.(int64)
		keys = append(keys, rush.TaskKey(key))
	}
	return keys
}

// withoutSight is the task's extras as the optimizer gave them.
func withoutSight(extra rush.Values) rush.Values {
	if _, ok := extra[sawName]; !ok {
		return extra
	}
	all := maps.Clone(extra)
	delete(all, sawName)
	return all
}
