package main

import (
	"io/fs"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/set/grad"
)

// Sets have 6 to 10 drawings of 1 to as many characters, and the number that is
// said.
func TestDrawn(t *testing.T) {
	characters, err := readCharacters(characterFiles(t, 40))
	require.NoError(t, err)
	byInk := func(pixels []float32) int { return int(ink(pixels)+2) / omniglotSide }
	sizes, counts := map[int]int{}, map[int]int{}
	for i := range 3000 {
		s, count := drawn(characters, newRand(uint64(i)))
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

// Drawings are nearest to those of their own character if the eyes see that they
// are alike, and not if they see them all the same.
func TestNeighbours(t *testing.T) {
	var characters [][]drawing
	for class := range 3 {
		var drawings []drawing
		for k := range 2 {
			pixels := make([]float32, side*side)
			pixels[class], pixels[10+k] = 3, 1
			drawings = append(drawings, drawing{pixels, class})
		}
		characters = append(characters, drawings)
	}
	v := &viewer{Eyes: layers.Stack{}, unseen: characters}
	assert.InDelta(t, 1, v.neighbours(100).Value, 1e-9)
	assert.InDelta(t, 1, v.neighbours(2).Value, 1e-9, "of some")
	v.Eyes = layers.Stack{layers.Func(func(t *grad.Tape, x grad.Value) grad.Value { return t.Scale(x, 0) })}
	assert.Less(t, v.neighbours(100).Value, 0.5)
}

// What eyes see of the characters that are known is kept by character and turn.
func TestSeen(t *testing.T) {
	if testing.Short() {
		t.Skip("learns from pictures, which takes minutes without assembly")
	}
	dir := characterFiles(t, 60)
	_, _, err := call(t.Context(), t, "-task", "unique", "-model", seeing, "-steps", "1", "-out", dir)
	require.NoError(t, err)
	l, err := unique().begin(options{task: unique(), model: "rff+pool", steps: 1, seed: 1, out: dir})
	require.NoError(t, err)
	for _, characters := range l.(*counter).seen() {
		require.Len(t, characters, 48)
		for _, drawings := range characters {
			require.Len(t, drawings, 4*glimpses)
			for _, d := range drawings {
				require.Equal(t, drawings[0].class, d.class)
			}
		}
	}
	_, err = unique().begin(options{task: unique(), model: "rff+pool", steps: 1, seed: 2, out: dir})
	require.ErrorIs(t, err, fs.ErrNotExist, "eyes of another seed")
	_, _, err = call(t.Context(), t, "-task", "unique", "-model", "rff+pool", "-steps", "2", "-out", dir)
	require.ErrorContains(t, err, "Steps:2", "eyes that have learned less")
}
