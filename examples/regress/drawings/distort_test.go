package drawings

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
)

// Turns bring every pixel to another place: eight different ways, of which four
// quarters, and two mirrorings, lead back.
func TestTurns(t *testing.T) {
	rng := regresstest.Rand(1)
	from := make([]float32, Side*Side)
	for i := range from {
		from[i] = rng.Float32()
	}
	turned := func(p []float32, way Turn) []float32 {
		q := make([]float32, len(p))
		(&Distortion{}).Apply(q, p, way, rng)
		return q
	}
	same := func(p, q []float32) bool {
		return slices.CompareFunc(p, q, func(x, y float32) int {
			if x-y < 1e-5 && y-x < 1e-5 {
				return 0
			}
			return cmp.Compare(x, y)
		}) == 0
	}
	require.True(t, same(from, turned(from, 0)))
	require.False(t, same(from, turned(from, 1)))
	require.True(t, same(from, turned(turned(from, 1), 3)))
	require.True(t, same(from, turned(turned(from, 2), 2)))
	require.True(t, same(from, turned(turned(from, 4), 4)))
	var all [][]float32
	for way := range Turn(Turns) {
		p := turned(from, way)
		for _, q := range all {
			require.False(t, same(p, q))
		}
		all = append(all, p)
	}
	still := make([]float32, len(from))
	(*Distortion)(nil).Apply(still, from, 3, rng)
	require.Equal(t, from, still)
}

// What is shifted by less than a pixel keeps its ink.
func TestDistortion(t *testing.T) {
	from := make([]float32, Side*Side)
	for i := range 8 {
		from[(10+i)*Side+12] = 1
	}
	rng := regresstest.Rand(2)
	moved := make([]float32, Side*Side)
	for range 20 {
		(&Distortion{Shift: 2}).Apply(moved, from, 0, rng)
		require.NotEqual(t, from, moved)
		require.InDelta(t, ink(from), ink(moved), 1e-3)
		(&Distortion{Angle: 0.2, Scale: 0.1, Shift: 2}).Apply(moved, from, 3, rng)
		require.InEpsilon(t, ink(from), ink(moved), 0.3)
	}
}

// ink returns how much there is of a drawing.
func ink(pixels []float32) (sum float64) {
	for _, v := range pixels {
		sum += float64(v)
	}
	return sum
}
