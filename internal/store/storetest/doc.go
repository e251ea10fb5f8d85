// Package storetest holds both store drivers to the contract of package store.
//
// A driver's tests call Run, which has a test for every sentence of the
// contract, and RunRandom, which compares the driver with a model that is
// simple enough to be right. Compare runs the same random sequences on two
// drivers. After every test store.Check must find nothing in the network.
//
//	func TestStore(t *testing.T) {
//		file := filepath.Join(t.TempDir(), "rush.db")
//		storetest.Run(t, func(t *testing.T) store.Store {
//			s, err := sqlitestore.Open(t.Context(), file)
//			if err != nil {
//				t.Fatal(err)
//			}
//			t.Cleanup(func() { s.Close() })
//			return s
//		})
//	}
//
// Each call of open returns another handle on the same store, which open also
// closes: tests call it several times to be several processes. They use
// networks of their own and run in parallel. With RUSH_SOAK=1 the random tests
// run for much longer, for which a driver has a test of its own, TestSoakRandom.
package storetest
