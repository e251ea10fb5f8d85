// Package importtest holds the architecture's package table as a test: which
// package of this module may import which other, and which of them alone may
// import a large dependency such as Arrow or gRPC.
//
// Start with table_test.go, which is the table. A new package adds its row
// there; until it does, the test fails and says so:
//
//	go test ./internal/importtest
package importtest
