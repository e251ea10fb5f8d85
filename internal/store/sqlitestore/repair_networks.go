package sqlitestore

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// RepairNetworks removes rows of networks that do not exist; see store.Store.
func (s *Store) RepairNetworks(ctx context.Context) (said []string, err error) {
	err = s.write(ctx, func(t *txn) error {
		said = nil
		// Tables of which each row names its network, and those whose keys do.
		tables, err := t.texts(t.stmt(`SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
			WHERE m.type = 'table' AND c.name = 'network' ORDER BY m.name`))
		if err != nil {
			return err
		}
		conditions := map[string]string{
			"attempts": "task >> 40", "dependencies": "child >> 40", "late": "task >> 40",
			"tasks": "id >> 40", "endings": "id >> 40", "claims": "id >> 40",
		}
		for _, table := range tables {
			conditions[table] = "network"
		}
		for _, table := range slices.Sorted(maps.Keys(conditions)) {
			n, err := t.removeRows(table, conditions[table])
			if err != nil {
				return err
			}
			if n > 0 {
				said = append(said, fmt.Sprintf("the table %s had %d rows of networks that do not exist; they were removed", table, n))
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("repair %s: %w", s.path, err)
	}
	return said, nil
}

// removeRows removes the rows of a table that belong to no network.
func (t *txn) removeRows(table, network string) (n int64, err error) {
	s := t.stmt(fmt.Sprintf("DELETE FROM %s WHERE %s NOT IN (SELECT id FROM networks) RETURNING 1", table, network))
	for s.next() {
		n++
	}
	return n, s.close()
}
