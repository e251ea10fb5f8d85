package seeds

// kind is the first integer of every stream, R's code for L'Ecuyer-CMRG (7) with normal draws by
// inversion (400) and samples by rejection (10000).
const kind = 10407

// A Stream is a position in the sequence of MRG32k3a, in the format of R's .Random.seed: 10407, then
// the three words of the first component and the three of the second, the oldest first. R has signed
// integers only: a word of 2^31 or more stands there minus 2^32.
//
// A Stream is a value: its methods return other streams and change nothing, and any number of
// goroutines may call them. Streams are compared with ==. In JSON a stream is an array of seven
// integers; call [Stream.Check] on one that was decoded. The zero Stream is not valid.
type Stream [7]int32

// New returns the stream of R's set.seed(seed, kind = "L'Ecuyer-CMRG"). Every seed is good. R itself
// has no integer -2^31, which is its NA; New takes it like any other.
func New(seed int32) Stream {
	lcg := uint32(seed)
	advance := func() { lcg = 69069*lcg + 1 }
	for range 50 {
		advance()
	}
	var w [6]uint64
	for i := range w {
		for advance(); lcg >= m2; { // m2 < m1: the words suit both components
			advance()
		}
		w[i] = uint64(lcg)
	}
	return fromWords(w)
}

// Task returns the stream of task i of the network whose stream is s; it is s.At(i). Task i has the
// i-th stream, whichever worker runs it; its proposal is drawn from substream 1, its objective gets
// substream 0. Task panics if i is negative.
func (s Stream) Task(i int64) Stream { return s.At(i) }

// Objective returns the substream of a task's stream that its objective gets: substream 0, which is
// s itself.
func (s Stream) Objective() Stream { return s.Sub(0) }

// Proposal returns the substream of a task's stream that its proposal is drawn from: substream 1.
// It is also s.NextSub(), so whatever else a task needs begins with substream 2.
func (s Stream) Proposal() Stream { return s.Sub(1) }

// words returns the two components as residues.
func (s Stream) words() (w [6]uint64) {
	for i := range w {
		w[i] = uint64(uint32(s[i+1]))
	}
	return w
}

// fromWords is the inverse of words.
func fromWords(w [6]uint64) Stream {
	s := Stream{kind}
	for i := range w {
		s[i+1] = int32(uint32(w[i]))
	}
	return s
}
