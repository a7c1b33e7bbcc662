package main

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Sets have 6 to 10 drawings of 1 to as many characters, and the number that is
// said.
func TestDrawn(t *testing.T) {
	characterFiles(t, 40)
	characters, err := readCharacters()
	require.NoError(t, err)
	byInk := func(pixels []float32) int { return int(ink(pixels)+2) / omniglotSide }
	sizes, counts := map[int]int{}, map[int]int{}
	for i := range 3000 {
		s, count := drawn(characters, nil, newRand(uint64(i)))
		seen := map[int]bool{}
		for k := range s.Len() {
			seen[byInk(s.Row(k))] = true
		}
		require.Len(t, seen, count)
		sizes[s.Len()]++
		if s.Len() == mostDrawn {
			counts[count]++
		}
	}
	for n := fewestDrawn; n <= mostDrawn; n++ {
		assert.InDelta(t, 600, sizes[n], 90)
	}
	for c := 1; c <= mostDrawn; c++ {
		assert.InDelta(t, 60, counts[c], 30)
	}
	assert.Len(t, counts, mostDrawn)

	// One character is one drawing turned one way, as long as there are others.
	few := [][]drawing{{{pixels: characters[5][0].pixels}}, {{pixels: characters[9][1].pixels}}}
	for len(few) < mostDrawn {
		few = append(few, few[1])
	}
	for i := range 50 {
		s, count := drawn(few, &distortion{}, newRand(uint64(i)))
		if count == 1 {
			for k := range s.Len() {
				require.Equal(t, s.Row(0), s.Row(k))
			}
		}
	}
}

func TestMeasureOfRates(t *testing.T) {
	r := measure([]int{1, 2, 3, 4}, []float64{1.2, 1.9, 2.2, 4})
	assert.InDelta(t, 0.5, r["accuracy"].Value, 1e-12, "1 and 4")
	assert.InDelta(t, 0.75, r["nearest"].Value, 1e-12, "and 2")
	want := 0.0
	for i, rate := range []float64{1.2, 1.9, 2.2, 4} {
		factorial := []float64{1, 2, 6, 24}[i]
		want -= math.Log(math.Pow(rate, float64(i+1))*math.Exp(-rate)/factorial) / 4
	}
	assert.InDelta(t, want, r["nll"].Value, 1e-12)
	assert.Positive(t, r["nll"].Error)
}
