package train_test

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers/train"
	"setwise/set"
)

// What is prepared does not depend on how far ahead, on how many processors, nor
// on which takes how long; each example has its own chance.
func TestPreparedAnyhow(t *testing.T) {
	procs := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(procs)
	source := train.Shuffled[int]{Examples: make([]int, 60), Batch: 7}
	var want []train.Minibatch[uint64]
	for _, n := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(n)
		for _, ahead := range []int{0, 1, 3, 100} {
			got := drawn(t, train.Prepared[int, uint64]{Source: source, Ahead: ahead, Prepare: func(_ int, rng *rand.Rand) (uint64, error) {
				x := rng.Uint64()
				time.Sleep(time.Duration(x % 100 * uint64(time.Microsecond)))
				return x, nil
			}}, 0, 0, 1)
			if want == nil {
				want = got
			}
			require.Equal(t, want, got, "%d ahead on %d", ahead, n)
		}
	}
	all := map[uint64]bool{}
	for _, b := range want {
		for _, x := range b.Examples {
			all[x] = true
		}
	}
	assert.Len(t, all, 60)
	assert.ErrorContains(t, set.Try(func() {
		drawn(t, train.Prepared[int, int]{Source: source, Ahead: -1, Prepare: nothing}, 0, 0, 1)
	}), "train.Prepared: want ")
}

func nothing(e int, _ *rand.Rand) (int, error) { return e, nil }

// No more is prepared ahead than was asked for, and something is.
func TestPreparedAhead(t *testing.T) {
	for of, ahead := range map[int]int{0: 2, 1: 1, 3: 3} {
		var begun atomic.Int64
		source := train.Shuffled[int]{Examples: make([]int, 50), Batch: 1}
		p := train.Prepared[int, int]{Source: source, Ahead: of, Prepare: func(e int, _ *rand.Rand) (int, error) { begun.Add(1); return e, nil }}
		taken := 0
		for _, err := range p.Epoch(0, 0, chance(1)) {
			require.NoError(t, err)
			taken++
			for begun.Load() < int64(min(taken+ahead, 50)) { // or it takes for ever
				runtime.Gosched()
			}
			require.LessOrEqual(t, begun.Load(), int64(taken+ahead), "%d ahead", ahead)
		}
		assert.Equal(t, 50, taken)
	}
}

// Whatever ends training, nothing goes on working, and what went wrong is said
// with its step and its example.
func TestPreparedEnds(t *testing.T) {
	ours := errors.New("no such file")
	var working atomic.Int64
	source := train.Shuffled[int]{Examples: upTo0(40), Batch: 4}
	prepared := func(s train.Source[int], f func(e int) error) train.Prepared[int, int] {
		return train.Prepared[int, int]{Source: s, Ahead: 5, Prepare: func(e int, _ *rand.Rand) (int, error) {
			working.Add(1)
			defer working.Add(-1)
			time.Sleep(100 * time.Microsecond)
			return e, f(e)
		}}
	}
	fine := func(int) error { return nil }
	for name, c := range map[string]struct {
		s    train.Source[int]
		o    train.Options
		want string
	}{
		"an error": {prepared(source, func(e int) error {
			if e == 17 {
				return ours
			}
			return nil
		}), train.Options{}, "example 17: no such file"},
		"an error of the source": {prepared(broken{inTurn{upTo0(40), 4}, 10, ours}, fine), train.Options{}, "train: step 1: no such file"},
		"a panic":                {prepared(source, func(int) error { panic(set.Mismatch("test", "a file, got none")) }), train.Options{}, "test: want a file, got none"},
		"a panic of the source":  {prepared(panics{inTurn{upTo0(40), 4}}, fine), train.Options{}, "test: want a source, got none"},
		"Report":                 {prepared(source, fine), train.Options{Report: func(train.Progress) error { return ours }}, "no such file"},
		"a loss":                 {prepared(source, fine), train.Options{Report: func(train.Progress) error { panic(set.Mismatch("test", "a loss")) }}, "test: want a loss"},
	} {
		before := runtime.NumGoroutine()
		err := walk(c.s, c.o)
		assert.ErrorContains(t, err, c.want, name)
		assert.Zero(t, working.Load(), name)
		for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
			if !assert.True(t, time.Now().Before(deadline), "goroutines are left behind: %s", name) {
				break
			}
		}
	}
	err := walk(prepared(source, func(int) error { return ours }), train.Options{})
	assert.ErrorIs(t, err, ours)
	assert.Regexp(t, `^train: step 0: example \d+: no such file$`, err.Error())
	made := train.Made[int]{New: (*rand.Rand).Int, Batch: 4}
	assert.ErrorContains(t, walk(prepared(made, func(int) error { return ours }), train.Options{}), "train: step 0: example 0 of the minibatch: no such file")
}

// panics is a source that breaks down.
type panics struct{ inTurn }

func (panics) Epoch(int, int, *rand.Rand) iter.Seq2[train.Minibatch[int], error] {
	return func(yield func(train.Minibatch[int], error) bool) { panic(set.Mismatch("test", "a source, got none")) }
}

// Training on examples that are prepared is the same whatever is done ahead, and
// examples may change their type under way.
func TestFitPrepared(t *testing.T) {
	var want [][]float32
	for _, ahead := range []int{1, 2, 7} {
		m := small(1)
		source := train.Prepared[int, train.Labelled]{Source: train.Shuffled[int]{Examples: upTo0(20), Batch: 6}, Ahead: ahead,
			Prepare: func(e int, rng *rand.Rand) (train.Labelled, error) { return jittered(rings(1, uint64(e))[0], rng) }}
		require.NoError(t, train.Run(context.Background(), m, source, chunks(0)(train.Classification(m)), train.Options{Epochs: 2}))
		if want == nil {
			want = weights(m)
		}
		assert.Equal(t, want, weights(m), "%d ahead", ahead)
	}
}
