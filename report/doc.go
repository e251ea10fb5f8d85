// Package report writes what came of a search as one HTML page: the best points,
// how they were found, what the parameters do, what the workers did, what failed,
// and the table of tasks.
//
// Fill an [Archive] and call [Write]. The page stands alone: it has no reference to
// anything outside of it, its plots are inline SVG that is made here, and its policy
// (Content-Security-Policy) allows it one style sheet and one small script, which
// sorts the table. Everything that a search brings along, such as names, values and
// messages, is text there, whatever it contains.
package report
