package train

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"sync"
)

// Prepared makes other examples of those of a source, ahead of time and on
// other goroutines: files are read, points drawn, pictures distorted, while the
// model learns from what came before. Each example has a source of chance of its
// own, which does not depend on how far ahead the work is. What Prepare or the
// source panics with reaches the goroutine that trains.
type Prepared[F, E any] struct {
	Source  Source[F]
	Prepare func(example F, rng *rand.Rand) (E, error)
	Ahead   int // minibatches that are prepared ahead; 0 means 2
}

// Steps implements [Source].
func (p Prepared[F, E]) Steps() int {
	given("train.Prepared", "a Source and Prepare", p.Source != nil && p.Prepare != nil)
	return p.Source.Steps()
}

// String implements [Source].
func (p Prepared[F, E]) String() string {
	p.Steps()
	return p.Source.String() + ", prepared"
}

// Epoch implements [Source].
func (p Prepared[F, E]) Epoch(epoch, from int, rng *rand.Rand) iter.Seq2[Minibatch[E], error] {
	seed := rng.Uint64()
	return func(yield func(Minibatch[E], error) bool) {
		ahead := positive("train.Prepared", p.Ahead)
		if p.Ahead == 0 {
			ahead = 2
		}
		ready := make(chan chan preparedBatch[E], ahead-1) // and one in hand
		stop := make(chan struct{})
		var working sync.WaitGroup
		defer working.Wait()
		defer close(stop)
		working.Go(func() {
			defer close(ready)
			hand := func(out chan preparedBatch[E]) bool {
				select {
				case ready <- out:
					return true
				case <-stop:
					return false
				}
			}
			if panicked := caught(func() {
				k := from
				for b, err := range p.Source.Epoch(epoch, from, rng) {
					out := make(chan preparedBatch[E], 1)
					step := k
					working.Go(func() { out <- p.prepare(b, err, seed, step) })
					if !hand(out) {
						return
					}
					k++
				}
			}); panicked != nil {
				out := make(chan preparedBatch[E], 1)
				out <- preparedBatch[E]{panicked: panicked}
				hand(out)
			}
		})
		for out := range ready {
			b := <-out
			if b.panicked != nil {
				panic(b.panicked)
			}
			if !yield(b.Minibatch, b.err) {
				return
			}
		}
	}
}

type preparedBatch[E any] struct {
	Minibatch[E]
	err      error
	panicked any
}

func (p Prepared[F, E]) prepare(b Minibatch[F], err error, seed uint64, step int) preparedBatch[E] {
	out := preparedBatch[E]{Minibatch: Minibatch[E]{Numbers: b.Numbers, Examples: make([]E, len(b.Examples))}, err: err}
	out.panicked = caught(func() {
		for i, e := range b.Examples {
			if out.err != nil {
				return
			}
			own := rand.New(rand.NewPCG(seed, uint64(step)<<32|uint64(i)))
			if out.Examples[i], err = p.Prepare(e, own); err != nil {
				out.err = fmt.Errorf("%s: %w", b.name(i), err)
			}
		}
	})
	return out
}

// caught calls f and returns what it panics with, or nil.
func caught(f func()) (panicked any) {
	defer func() { panicked = recover() }()
	f()
	return nil
}
