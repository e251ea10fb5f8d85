// Package seeds gives every task its own random numbers: the streams of L'Ecuyer's MRG32k3a, bit for
// bit those of R under RNGkind("L'Ecuyer-CMRG", "Inversion", "Rejection").
//
// Begin with [New], which is R's set.seed, or with [Parse] or [ParseString], which read a stream that
// was written down. [Stream.Task] derives the stream of a task, and [Stream.Generator] draws from it:
//
//	network := seeds.New(42)          // set.seed(42, kind = "L'Ecuyer-CMRG")
//	task := network.Task(17)          // the stream of task 17, whichever worker runs it
//
//	proposal := task.Proposal().Generator()
//	x := proposal.Runif(-5, 5)        // runif(1, -5, 5)
//
//	objective := task.Objective()     // seven integers, as R's .Random.seed
//	language := objective.Int31()     // one integer, for languages that want that
//
// # Streams
//
// The generator has a period of about 2^191. It is divided into streams of 2^127 numbers, and each
// stream into substreams of 2^76 numbers, which do not overlap. Task i has the i-th stream after that
// of the network; its proposal is drawn from substream 1 of it, and its objective gets substream 0.
//
// # Agreement with R
//
// The states, the uniform, exponential and integer draws and the samples are R's, bit for bit, on
// every platform. So are the normal draws, except that about one in 100000 may differ in its last bits:
// see [Generator.Norm]. No result depends on the architecture that Go runs on.
//
// # Concurrency
//
// A [Stream] is a value and may be shared freely. A [Generator] is for one goroutine at a time.
// The package has no other state.
//
// # References
//
//   - P. L'Ecuyer (1999). Good parameters and implementations for combined multiple recursive random
//     number generators. Operations Research 47, 159-164.
//   - P. L'Ecuyer, R. Simard, E. J. Chen and W. D. Kelton (2002). An object-oriented random-number
//     package with many long streams and substreams. Operations Research 50, 1073-1075.
//   - H. Haramoto, M. Matsumoto, T. Nishimura, F. Panneton and P. L'Ecuyer (2008). Efficient jump ahead
//     for F2-linear random number generators. INFORMS Journal on Computing 20, 385-390.
//   - M. J. Wichura (1988). Algorithm AS 241: the percentage points of the normal distribution.
//     Applied Statistics 37, 477-484.
//   - J. H. Ahrens and U. Dieter (1972). Computer methods for sampling from the exponential and normal
//     distributions. Communications of the ACM 15, 873-882.
//   - G. L. Steele, D. Lea and C. H. Flood (2014). Fast splittable pseudorandom number generators.
//     OOPSLA '14, 453-472.
package seeds
