package sqlitestore

import (
	"path/filepath"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/rushnet/rush/internal/store/storetest"
)

// A step is one of SQLite's virtual machine: there is one at least for each row
// that a statement looks at.
func TestDependentsTakeWorkInProportion(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	steps := func(t testing.TB) (all int64) {
		t.Helper()
		err := s.write(t.Context(), func(txn *txn) error {
			for _, statement := range txn.stmts {
				all += int64(sqlite3.Xsqlite3_stmt_status(txn.tls, statement.p, sqlite3.SQLITE_STMTSTATUS_VM_STEP, 0))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	storetest.WantProportional(t, s, steps)
}

func benchStore(b *testing.B) *Store {
	b.Helper()
	s, err := Open(b.Context(), filepath.Join(b.TempDir(), "rush.db"), nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

func BenchmarkDependents(b *testing.B) { storetest.BenchDependents(b, benchStore(b)) }

func BenchmarkRepair(b *testing.B) { storetest.BenchRepair(b, benchStore(b)) }
