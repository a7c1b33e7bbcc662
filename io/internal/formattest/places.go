package formattest

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// SamePlaces holds that points measured from one origin and those measured from
// another are in the same places, as well as float32 tells.
func SamePlaces(t testing.TB, want [][3]float32, from [3]float64, got [][3]float32, to [3]float64) {
	t.Helper()
	require.Equal(t, len(want), len(got))
	for i := range want {
		for k := range 3 {
			a, b := float64(want[i][k]), float64(got[i][k])
			require.InDelta(t, from[k]+a, to[k]+b, float64(0x1p-22*max(math.Abs(a), math.Abs(b)))+float64(0x1p-50*math.Abs(from[k])), "point %d", i)
		}
	}
}
