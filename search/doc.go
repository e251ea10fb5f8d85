// Package search reads search files and starts the searches that they describe.
//
// A search file says what scores a point, what is looked through, what is
// wanted, and when it is enough, in YAML 1.2:
//
//	network: branin
//	seed: 42
//	objective: {builtin: branin}
//	space:
//	  x1: {type: dbl, lower: -5, upper: 10}
//	  x2: {type: dbl, lower: 0, upper: 15}
//	codomain: {y: minimize}
//	loop: {name: random_search}
//	terminate: {evals: 200}
//
// Begin with [Load]. What is wrong in a file is told all at once, each with its
// place, what was expected and what was found. The result's [Definition] is what
// a network stores and every worker reads; it needs the file no more:
//
//	file, err := search.Load("search.yaml")
//	net, err := network.Open(ctx, network.Config{Network: file.Network})
//	_, err = search.Start(ctx, net, file.Definition, search.StartOptions{})
//	_, err = net.StartWorkers(ctx, file.Definition.Workers(file.Workers))
//
// The workers are this same program, which calls Serve first thing in main:
//
//	search.Serve(plugins.Program{})
//
// [Definition.Try] evaluates one point without any of this.
//
// # Numbers
//
// Scalars without quotes are read by YAML 1.2's core schema: 1e-3, .5, .inf and
// 0x1F are numbers; 1_000, yes, no, on, off and 12:30 are texts; 0777 is 777.
// An integer stays an integer. Lengths of time are 30s, 1h30m, 2d or a number of
// seconds.
package search
