// Package paritytest checks docs/parity.md, which maps what the documents of
// the R packages rush and rrq describe to this project's Go symbols, commands
// and tests: each one that a row names exists.
package paritytest
