package storetest

import "context"

func (m *model) WriteHashes(_ context.Context, keys []string, hashes []map[string][]byte) error {
	if err := m.absent(); err != nil {
		return err
	}
	for i, fields := range hashes {
		for name, value := range fields {
			if m.hashes == nil {
				m.hashes = map[string]map[string][]byte{}
			}
			if m.hashes[keys[i]] == nil {
				m.hashes[keys[i]] = map[string][]byte{}
			}
			m.hashes[keys[i]][name] = value
		}
	}
	return nil
}

func (m *model) ReadHashes(_ context.Context, keys, fields []string) ([]map[string][]byte, error) {
	hashes := make([]map[string][]byte, len(keys))
	for i, key := range keys {
		stored, found := m.hashes[key]
		if !found {
			continue
		}
		hashes[i] = map[string][]byte{}
		for name, value := range stored {
			if fields == nil {
				hashes[i][name] = value
			}
		}
		for _, name := range fields {
			if value, ok := stored[name]; ok {
				hashes[i][name] = value
			}
		}
	}
	return hashes, m.absent()
}

func (m *model) DeleteHashes(_ context.Context, keys []string) (deleted int, err error) {
	for _, key := range keys {
		if m.hashes[key] != nil {
			deleted++
			delete(m.hashes, key)
		}
	}
	return deleted, m.absent()
}
