package train_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers/train"
)

func TestSamplers(t *testing.T) {
	rng := func() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }
	shuffled := train.Shuffled{}.Order(100, 0, rng())
	assert.Equal(t, shuffled, train.Shuffled{}.Order(100, 0, rng()))
	sorted := slices.Clone(shuffled)
	slices.Sort(sorted)
	assert.NotEqual(t, sorted, shuffled)
	for i, n := range sorted {
		assert.Equal(t, i, n, "every example once")
	}

	classes := make([]int, 3000) // mostly class 7, some of class 2, one of class 0
	for i := range classes {
		classes[i] = 7
		if i%100 == 0 {
			classes[i] = 2
		}
	}
	classes[5] = 0
	order := train.Balanced{Classes: classes}.Order(3000, 0, rng())
	assert.Equal(t, order, train.Balanced{Classes: classes}.Order(3000, 0, rng()))
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
