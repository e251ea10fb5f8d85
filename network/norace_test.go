//go:build !race

package network_test

// manyRows is how many tasks are many for a table.
const manyRows = 100_000
