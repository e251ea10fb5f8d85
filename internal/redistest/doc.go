// Package redistest starts real Redis servers for tests.
//
// URL gives the address of one server that all tests of a binary share; they
// keep apart by the names of their networks. A test that stops or fills its
// server starts its own:
//
//	srv := redistest.Start(t, redistest.Options{Persist: true})
//	s, err := redisstore.Open(t.Context(), srv.URL())
//	...
//	srv.Stop()   // as kill -9 does
//	srv.Start(t) // the same data, on the same port
//
// Servers listen on the loopback interface only, on a port that was free, and
// end with their test. The shared one ends with the test binary: on Linux by
// itself, elsewhere if TestMain calls Main.
package redistest
