package train

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"setwise/set"
)

// A Minibatch is the examples of one step. It may be empty.
type Minibatch[E any] struct {
	Examples []E
	Numbers  []int // of the examples among those that the source has; nil if it makes them
}

// name says which example is number i.
func (b Minibatch[E]) name(i int) string {
	if b.Numbers == nil {
		return fmt.Sprintf("example %d of the minibatch", i)
	}
	return fmt.Sprintf("example %d", b.Numbers[i])
}

// A Source says which examples make each minibatch.
type Source[E any] interface {
	// Steps returns how many minibatches an epoch has, 1 or more.
	Steps() int

	// Epoch iterates over the minibatches of an epoch, beginning with number
	// from. It takes all chance from rng, which is in the same state whenever
	// the same epoch is asked for, and gives the same minibatches then. An error
	// ends training.
	Epoch(epoch, from int, rng *rand.Rand) iter.Seq2[Minibatch[E], error]

	// String says what the source is, in words that differ where minibatches
	// would. Training does not resume with another.
	String() string
}

// batchOf is how many examples a minibatch has if nothing is said.
const batchOf = 32

// Shuffled takes every example once in an epoch, in a new random order each
// time, in minibatches of Batch examples, 32 if that is 0; the last may be
// smaller.
type Shuffled[E any] struct {
	Examples []E
	Batch    int
}

// Steps implements [Source].
func (s Shuffled[E]) Steps() int { return pieces(len(s.Examples), s.batch()) }

func (s Shuffled[E]) batch() int {
	return min(positive("train.Shuffled", s.Batch), max(len(s.Examples), 1))
}

// Epoch implements [Source].
func (s Shuffled[E]) Epoch(_, from int, rng *rand.Rand) iter.Seq2[Minibatch[E], error] {
	return inOrder(s.Examples, rng.Perm(len(s.Examples)), s.batch(), from)
}

// String implements [Source].
func (s Shuffled[E]) String() string {
	return fmt.Sprintf("%d examples, shuffled, in minibatches of %d", len(s.Examples), s.batch())
}

// Balanced draws as many examples as there are, with replacement, so that
// every class comes equally often on average, in minibatches of Batch examples,
// 32 if that is 0.
type Balanced[E any] struct {
	Examples []E
	Class    func(E) int
	Batch    int
}

// Steps implements [Source].
func (b Balanced[E]) Steps() int {
	given("train.Balanced", "a Class", b.Class != nil)
	return pieces(len(b.Examples), b.batch())
}

func (b Balanced[E]) batch() int {
	return min(positive("train.Balanced", b.Batch), max(len(b.Examples), 1))
}

// Epoch implements [Source].
func (b Balanced[E]) Epoch(_, from int, rng *rand.Rand) iter.Seq2[Minibatch[E], error] {
	members := map[int][]int{}
	var classes []int
	for i, e := range b.Examples {
		c := b.Class(e)
		if members[c] == nil {
			classes = append(classes, c)
		}
		members[c] = append(members[c], i)
	}
	order := make([]int, len(b.Examples))
	for i := range order {
		of := members[classes[rng.IntN(len(classes))]]
		order[i] = of[rng.IntN(len(of))]
	}
	return inOrder(b.Examples, order, b.batch(), from)
}

// String implements [Source].
func (b Balanced[E]) String() string {
	return fmt.Sprintf("%d examples, balanced by class, in minibatches of %d", len(b.Examples), b.batch())
}

// Poisson puts every example into a minibatch with the same probability,
// whatever else is in it: the subsampling of private training, which accountants
// are right about. Minibatches differ in size, and may be empty.
type Poisson[E any] struct {
	Examples []E
	Rate     float64 // the probability, above 0 and at most 1
	Batches  int     // in an epoch; 0 means 1/Rate, rounded up
}

// Steps implements [Source].
func (p Poisson[E]) Steps() int {
	if !(p.Rate > 0 && p.Rate <= 1) || p.Batches < 0 {
		panic(set.Mismatch("train.Poisson", "a Rate above 0 and at most 1, and 0 Batches or more, got %g and %d", p.Rate, p.Batches))
	}
	switch {
	case len(p.Examples) == 0:
		return 0
	case p.Batches > 0:
		return p.Batches
	}
	return int(min((1-1e-9)/p.Rate, 1<<40)) + 1
}

// Epoch implements [Source].
func (p Poisson[E]) Epoch(_, from int, rng *rand.Rand) iter.Seq2[Minibatch[E], error] {
	return func(yield func(Minibatch[E], error) bool) {
		for k := range p.Steps() {
			var b Minibatch[E]
			for i, e := range p.Examples {
				if rng.Float64() < p.Rate {
					b.Examples, b.Numbers = append(b.Examples, e), append(b.Numbers, i)
				}
			}
			if k >= from && !yield(b, nil) {
				return
			}
		}
	}
}

// String implements [Source].
func (p Poisson[E]) String() string {
	return fmt.Sprintf("%d examples, each with probability %g, %d times an epoch", len(p.Examples), p.Rate, p.Steps())
}

// BySize takes examples in a random order, in minibatches of about the same
// size altogether, such as elements of sets: as many as come to Most, or one that
// is larger by itself; none twice. An epoch has as many minibatches as all
// examples would fill; what does not fit into them has its turn in another.
type BySize[E any] struct {
	Examples []E
	Size     func(E) int // 0 or more
	Most     int         // above 0
}

// Steps implements [Source].
func (b BySize[E]) Steps() int {
	const op = "train.BySize"
	given(op, "a Size", b.Size != nil)
	if b.Most <= 0 {
		panic(set.Mismatch(op, "a Most above 0, got %d", b.Most))
	}
	total := 0
	for i, e := range b.Examples {
		size := b.Size(e)
		if size < 0 || total+size < 0 {
			panic(set.Mismatch(op, "sizes of 0 or more that can be added up, got %d of example %d", size, i))
		}
		total += size
	}
	return min(max(pieces(total, b.Most), 1), len(b.Examples))
}

// Epoch implements [Source].
func (b BySize[E]) Epoch(_, from int, rng *rand.Rand) iter.Seq2[Minibatch[E], error] {
	return func(yield func(Minibatch[E], error) bool) {
		var left []int
		for k := range b.Steps() {
			var m Minibatch[E]
			if len(left) == 0 {
				left = rng.Perm(len(b.Examples))
			}
			for sum := 0; len(left) > 0; {
				e := b.Examples[left[0]]
				if sum += b.Size(e); len(m.Examples) > 0 && sum > b.Most {
					break
				}
				m.Examples, m.Numbers = append(m.Examples, e), append(m.Numbers, left[0])
				left = left[1:]
			}
			if k >= from && !yield(m, nil) {
				return
			}
		}
	}
}

// String implements [Source].
func (b BySize[E]) String() string {
	return fmt.Sprintf("%d examples, shuffled, in minibatches of size %d altogether", len(b.Examples), b.Most)
}

// Made makes the examples of every minibatch anew, without end: simulated
// data.
type Made[E any] struct {
	New     func(rng *rand.Rand) E
	Batch   int // examples in a minibatch; 0 means 32
	Batches int // in an epoch; 0 means 1
	Name    string
}

// Steps implements [Source].
func (m Made[E]) Steps() int {
	given("train.Made", "New", m.New != nil)
	if m.Batches < 0 {
		panic(set.Mismatch("train.Made", "0 Batches or more, got %d", m.Batches))
	}
	return max(m.Batches, 1)
}

// Epoch implements [Source].
func (m Made[E]) Epoch(_, from int, rng *rand.Rand) iter.Seq2[Minibatch[E], error] {
	seed := rng.Uint64()
	return func(yield func(Minibatch[E], error) bool) {
		for k := from; k < m.Steps(); k++ {
			own := rand.New(rand.NewPCG(seed, uint64(k)))
			b := Minibatch[E]{Examples: make([]E, positive("train.Made", m.Batch))}
			for i := range b.Examples {
				b.Examples[i] = m.New(own)
			}
			if !yield(b, nil) {
				return
			}
		}
	}
}

// String implements [Source].
func (m Made[E]) String() string {
	return fmt.Sprintf("examples made on the spot, %q, in minibatches of %d, %d an epoch", m.Name, positive("train.Made", m.Batch), m.Steps())
}

// inOrder takes numbered examples in minibatches.
func inOrder[E any](examples []E, order []int, batch, from int) iter.Seq2[Minibatch[E], error] {
	return func(yield func(Minibatch[E], error) bool) {
		for lo := from * batch; lo < len(order); lo += batch {
			b := Minibatch[E]{Numbers: order[lo:min(lo+batch, len(order))]}
			for _, n := range b.Numbers {
				b.Examples = append(b.Examples, examples[n])
			}
			if !yield(b, nil) {
				return
			}
		}
	}
}

// positive returns the size of a minibatch, or what stands for 0.
func positive(op string, batch int) int {
	if batch < 0 {
		panic(set.Mismatch(op, "minibatches of 0 examples or more, got %d", batch))
	}
	if batch == 0 {
		return batchOf
	}
	return batch
}

// pieces returns in how many pieces of a size n things go.
func pieces(n, size int) int { return (n-1)/size + 1 }
