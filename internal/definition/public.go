package definition

import (
	"encoding/json"
	"fmt"
)

// Public returns a body without what is nobody else's business, for files that are
// passed on: the environment of commands, and the text of the search file, which
// has it too and may name a store with its password. A body that has neither is
// returned as it is.
func Public(body []byte) ([]byte, error) {
	var members map[string]json.RawMessage
	if len(body) == 0 {
		return body, nil
	}
	if err := json.Unmarshal(body, &members); err != nil {
		return nil, fmt.Errorf("read the network's definition: %w", err)
	}
	changed := false
	for _, name := range []string{"source", "sets"} {
		_, has := members[name]
		delete(members, name)
		changed = changed || has
	}
	for _, name := range []string{"objective", "loop", "on"} {
		if raw, ok := members[name]; ok {
			without, some := withoutEnv(raw)
			members[name] = without
			changed = changed || some
		}
	}
	if !changed {
		return body, nil
	}
	return json.Marshal(members)
}

// withoutEnv removes the members env at any depth, but for those of arguments, which are
// values; and reports whether there were any.
func withoutEnv(raw json.RawMessage) (json.RawMessage, bool) {
	var members map[string]json.RawMessage
	var items []json.RawMessage
	changed := false
	switch {
	case json.Unmarshal(raw, &members) == nil && members != nil:
		for name, member := range members {
			if name == "env" {
				delete(members, name)
				changed = true
			} else if without, some := withoutEnv(member); some && name != "args" {
				members[name] = without
				changed = true
			}
		}
	case json.Unmarshal(raw, &items) == nil:
		for i := range items {
			without, some := withoutEnv(items[i])
			items[i] = without
			changed = changed || some
		}
	}
	if !changed {
		return raw, false
	}
	var out []byte
	var err error
	if members != nil {
		out, err = json.Marshal(members)
	} else {
		out, err = json.Marshal(items)
	}
	if err != nil {
		panic(err) // what was just read can be written
	}
	return out, true
}
