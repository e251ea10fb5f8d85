// Package expression evaluates the expressions of a search file: trafos,
// dependencies and constraints, in the language of expr-lang/expr.
//
// Begin with [Compile], which checks an expression once: its names, its types,
// and what it may call. An expression is short, has no loops and calls nothing
// but a few pure functions, so that it ends soon and needs little memory
// whoever wrote it; a mistake at run time is an error, never a panic.
//
// # Names
//
// A name may have any characters. Where it begins with a letter and is no word
// of the language it is written as it is, svm.kernel and a-b too: a name is read
// as long as one fits, so that with a, b and a-b among the names, a-b is the
// third, and a - b the difference. Any name may be written $env["NAME"].
//
// # What is not there
//
// A value that is not there, because its parameter is inactive, makes the
// comparison that it stands in unknown, and "and", "or" and "not" go on from
// there as in SQL: unknown or true is true, unknown and true is unknown. An
// expression that asks for nil itself (x ?? 0, x == nil) gets it.
package expression
