package sqlitestore

import "context"

// WriteHashes sets fields of hashes.
func (n *network) WriteHashes(ctx context.Context, keys []string, hashes []map[string][]byte) error {
	return n.write(ctx, "write hashes", func(t *txn) error {
		for i, fields := range hashes {
			for name, value := range fields {
				if value == nil {
					value = []byte{}
				}
				err := t.stmt("REPLACE INTO hashes (network, key, field, value) VALUES (?, ?, ?, ?)").
					int(t.net.id).text(keys[i]).text(name).blob(value).run()
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// ReadHashes reads hashes.
func (n *network) ReadHashes(ctx context.Context, keys, fields []string) ([]map[string][]byte, error) {
	var wanted map[string]bool
	if fields != nil {
		wanted = make(map[string]bool, len(fields))
		for _, name := range fields {
			wanted[name] = true
		}
	}
	hashes := make([]map[string][]byte, len(keys))
	err := n.read(ctx, "read hashes", func(t *txn) error {
		for i, key := range keys {
			if err := t.canceled(); err != nil {
				return err
			}
			var err error
			if hashes[i], err = t.hash(key, wanted); err != nil {
				return err
			}
		}
		return nil
	})
	return hashes, err
}

// hash reads one, with the fields that are wanted; nil are all.
func (t *txn) hash(key string, wanted map[string]bool) (fields map[string][]byte, err error) {
	s := t.stmt("SELECT field, value FROM hashes WHERE network = ? AND key = ?").int(t.net.id).text(key)
	for s.next() {
		if fields == nil {
			fields = map[string][]byte{}
		}
		if name, value := s.getText(), s.getBlob(); wanted == nil || wanted[name] {
			fields[name] = value
		}
	}
	return fields, s.close()
}

// DeleteHashes deletes hashes.
func (n *network) DeleteHashes(ctx context.Context, keys []string) (deleted int, err error) {
	err = n.write(ctx, "delete hashes", func(t *txn) error {
		deleted = 0
		for _, key := range keys {
			found := 0
			s := t.stmt("DELETE FROM hashes WHERE network = ? AND key = ? RETURNING 1").int(t.net.id).text(key)
			for s.next() {
				found = 1
			}
			if err := s.close(); err != nil {
				return err
			}
			deleted += found
		}
		return nil
	})
	return deleted, err
}
