package train_test

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers/train"
)

// upTo0 returns 0 to n-1.
func upTo0(n int) []int {
	x := make([]int, n)
	for i := range x {
		x[i] = i
	}
	return x
}

func chance(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 2)) }

// drawn returns the minibatches of an epoch that has a source of chance.
func drawn[E any](t *testing.T, s train.Source[E], epoch, from int, seed uint64) []train.Minibatch[E] {
	var all []train.Minibatch[E]
	for b, err := range s.Epoch(epoch, from, chance(seed)) {
		require.NoError(t, err)
		all = append(all, b)
	}
	return all
}

func joined(bs []train.Minibatch[int]) []int {
	var all []int
	for _, b := range bs {
		all = append(all, b.Examples...)
	}
	return all
}

func itself(e int) int { return e }

// sources are all kinds of them, whose examples are their own numbers.
func sources() map[string]train.Source[int] {
	es := upTo0(100)
	shuffled := train.Shuffled[int]{Examples: es, Batch: 7}
	return map[string]train.Source[int]{
		"shuffled":       shuffled,
		"shuffled alone": train.Shuffled[int]{Examples: es},
		"balanced":       train.Balanced[int]{Examples: es, Class: func(e int) int { return e / 90 }, Batch: 8},
		"poisson":        train.Poisson[int]{Examples: es, Rate: 0.03},
		"by size":        train.BySize[int]{Examples: es, Size: itself, Most: 300},
		"made":           train.Made[int]{New: func(rng *rand.Rand) int { return rng.IntN(1000) }, Batch: 5, Batches: 6},
		"prepared":       train.Prepared[int, int]{Source: shuffled, Prepare: func(e int, rng *rand.Rand) (int, error) { return 1000*e + rng.IntN(1000), nil }},
		"a user's":       inTurn{es, 9},
	}
}

// inTurn is a source of a user's: it takes examples in their order.
type inTurn struct {
	examples []int
	batch    int
}

func (s inTurn) Steps() int { return (len(s.examples) + s.batch - 1) / s.batch }
func (s inTurn) String() string {
	return fmt.Sprintf("%d in turn, %d at a time", len(s.examples), s.batch)
}
func (s inTurn) Epoch(_, from int, _ *rand.Rand) iter.Seq2[train.Minibatch[int], error] {
	return func(yield func(train.Minibatch[int], error) bool) {
		for lo := from * s.batch; lo < len(s.examples); lo += s.batch {
			if !yield(train.Minibatch[int]{Examples: s.examples[lo:min(lo+s.batch, len(s.examples))]}, nil) {
				return
			}
		}
	}
}

// A source gives as many minibatches as it says, the same whenever an epoch's
// chance is the same, and the same from any of them on.
func TestSources(t *testing.T) {
	for name, s := range sources() {
		t.Run(name, func(t *testing.T) {
			all := drawn(t, s, 3, 0, 1)
			require.Len(t, all, s.Steps())
			require.NotEmpty(t, s.String())
			require.Equal(t, all, drawn(t, s, 3, 0, 1))
			if _, own := s.(inTurn); !own {
				require.NotEqual(t, all, drawn(t, s, 3, 0, 2), "other chance")
			}
			for from := range all {
				require.Equal(t, all[from:], drawn(t, s, 3, from, 1), "from %d", from)
			}
			require.Empty(t, drawn(t, s, 3, len(all), 1))
			for range s.Epoch(3, 0, chance(1)) {
				break // stops at once
			}
			for _, b := range all {
				if b.Numbers != nil && name != "prepared" {
					require.Equal(t, b.Numbers, b.Examples)
				}
			}
		})
	}
}

func TestSamplers(t *testing.T) {
	shuffled := joined(drawn(t, train.Shuffled[int]{Examples: upTo0(100)}, 0, 0, 1))
	sorted := slices.Clone(shuffled)
	slices.Sort(sorted)
	assert.NotEqual(t, sorted, shuffled)
	for i, n := range sorted {
		assert.Equal(t, i, n, "every example once")
	}
	var sizes []int
	for _, b := range drawn(t, train.Shuffled[int]{Examples: upTo0(100)}, 0, 0, 1) {
		sizes = append(sizes, len(b.Examples))
	}
	assert.Equal(t, []int{32, 32, 32, 4}, sizes)

	classes := make([]int, 3000) // mostly class 7, some of class 2, one of class 0
	for i := range classes {
		classes[i] = 7
		if i%100 == 0 {
			classes[i] = 2
		}
	}
	classes[5] = 0
	balanced := train.Balanced[int]{Examples: upTo0(3000), Class: func(i int) int { return classes[i] }}
	order := joined(drawn(t, balanced, 0, 0, 1))
	require.Len(t, order, 3000)
	count := map[int]int{}
	seen := map[int]bool{}
	for _, n := range order {
		count[classes[n]]++
		seen[n] = true
	}
	for _, class := range []int{0, 2, 7} {
		assert.InDelta(t, 1000, count[class], 130)
	}
	assert.Greater(t, len(seen), 800, "many different ones of the largest class")
}

// Every example is in a minibatch with its probability, whatever else is in it;
// some minibatches are empty.
func TestPoisson(t *testing.T) {
	const n, rate, batches = 20, 0.1, 4000
	s := train.Poisson[int]{Examples: upTo0(n), Rate: rate, Batches: batches}
	require.Equal(t, batches, s.Steps())
	var in, sizes [n + 1]float64
	both := 0.0
	for _, b := range drawn(t, s, 0, 0, 1) {
		sizes[len(b.Examples)]++
		for _, e := range b.Examples {
			in[e]++
		}
		if slices.Contains(b.Examples, 3) && slices.Contains(b.Examples, 4) {
			both++
		}
		require.True(t, slices.IsSorted(b.Examples))
		require.Len(t, slices.Compact(slices.Clone(b.Examples)), len(b.Examples), "nothing twice")
	}
	for e := range n {
		assert.InDelta(t, rate*batches, in[e], 5*math.Sqrt(rate*(1-rate)*batches))
	}
	assert.InDelta(t, rate*rate*batches, both, 5*math.Sqrt(rate*rate*batches), "independently")
	for k, choose := 0, 1.0; k < 6; k++ {
		p := choose * math.Pow(rate, float64(k)) * math.Pow(1-rate, float64(n-k))
		assert.InDelta(t, p*batches, sizes[k], 5*math.Sqrt(p*batches), "binomial sizes: %d", k)
		choose = choose * float64(n-k) / float64(k+1)
	}
	for rate, want := range map[float64]int{1: 1, 0.5: 2, 0.3: 4, 0.1: 10, 0.01: 100} {
		assert.Equal(t, want, train.Poisson[int]{Examples: upTo0(3), Rate: rate}.Steps())
	}
	assert.Equal(t, upTo0(5), drawn(t, train.Poisson[int]{Examples: upTo0(5), Rate: 1}, 0, 0, 1)[0].Examples)
}

func TestBySize(t *testing.T) {
	for name, c := range map[string]struct {
		n, most int
		size    func(int) int
		steps   int
	}{
		"of many sizes":            {40, 100, itself, 8},
		"some larger":              {40, 20, itself, 39},
		"all larger":               {5, 1, func(int) int { return 9 }, 5},
		"all at once":              {5, 100, func(int) int { return 1 }, 1},
		"that fit":                 {12, 4, func(int) int { return 1 }, 3},
		"all empty":                {9, 4, func(int) int { return 0 }, 1},
		"one, and it is enormous":  {1, 1, func(int) int { return 1 << 40 }, 1},
		"empty ones among the few": {9, 2, func(e int) int { return e % 2 }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := train.BySize[int]{Examples: upTo0(c.n), Size: c.size, Most: c.most}
			require.Equal(t, c.steps, s.Steps())
			seen := map[int]bool{}
			for epoch := range 40 {
				bs := drawn[int](t, s, epoch, 0, uint64(epoch))
				require.Len(t, bs, c.steps)
				for _, b := range bs {
					total := 0
					once := map[int]bool{}
					for _, e := range b.Examples {
						require.False(t, once[e], "none twice in a minibatch")
						once[e], seen[e] = true, true
						total += c.size(e)
					}
					require.True(t, total <= c.most || len(b.Examples) == 1, "%d of %d in %d", total, c.most, len(b.Examples))
				}
			}
			require.Len(t, seen, c.n, "everything has its turn")
		})
	}
	full := drawn(t, train.BySize[int]{Examples: upTo0(12), Size: func(int) int { return 1 }, Most: 4}, 0, 0, 1)
	for _, b := range full {
		assert.Len(t, b.Examples, 4, "as many as fit")
	}
}

func TestMade(t *testing.T) {
	s := train.Made[float64]{New: (*rand.Rand).Float64}
	bs := drawn(t, s, 0, 0, 1)
	require.Len(t, bs, 1)
	require.Len(t, bs[0].Examples, 32)
	assert.Nil(t, bs[0].Numbers)
	s.Batch, s.Batches, s.Name = 10, 100, "numbers"
	all := map[float64]bool{}
	for _, b := range drawn(t, s, 0, 0, 1) {
		for _, x := range b.Examples {
			all[x] = true
		}
	}
	assert.Len(t, all, 1000, "all are new")
	assert.Equal(t, `examples made on the spot, "numbers", in minibatches of 10, 100 an epoch`, s.String())
}
