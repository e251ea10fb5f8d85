//go:build race

package network_test

// manyRows is fewer where every access to memory is watched.
const manyRows = 10_000
