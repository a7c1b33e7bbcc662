package pointcloud

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// The picks together give every face its share, and faces without area none
// at all, whatever rounding leaves over.
func TestAlias(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		weights := make([]float64, 1+rng.IntN(300))
		weights[rng.IntN(len(weights))] = 1
		var total float64
		for i := range weights {
			if rng.IntN(3) > 0 {
				weights[i] = math.Exp(5 * rng.NormFloat64())
			}
			total += weights[i]
		}
		got := make([]float64, len(weights))
		for i, p := range alias(weights, total) {
			keep := float64(p.keep) / (1 << 32)
			got[i] += keep
			got[p.other] += 1 - keep
		}
		for i, w := range weights {
			if w == 0 {
				require.Zero(t, got[i])
				continue
			}
			require.InDelta(t, w/total, got[i]/float64(len(weights)), 1e-9)
		}
	}
	require.Equal(t, []pick{{keep: math.MaxUint32}}, alias([]float64{3}, 3))
	// A weight that rounding leaves over goes to the largest.
	require.Equal(t, []pick{{other: 1}, {keep: math.MaxUint32, other: 1}}, alias([]float64{0, 1}, 0.5))
}

// still gives one number for ever.
type still uint64

func (s still) Uint64() uint64 { return uint64(s) }

func TestSampleAtTheEdges(t *testing.T) {
	m := Mesh{
		Vertices: [][3]float32{{9, 9, 9}, {0, 0, 0}, {1, 0, 0}, {0, 1, 0}},
		Faces:    [][3]int32{{0, 0, 1}, {1, 2, 3}, {0, 0, 0}},
	}
	for _, s := range []still{0, math.MaxUint64, 1 << 63, math.MaxUint64 / 3, math.MaxUint64/3 + 1} {
		c, err := m.Sample(1, rand.New(s))
		require.NoError(t, err)
		p := c.Points[0]
		require.True(t, p[0] >= 0 && p[1] >= 0 && p[0]+p[1] <= 1 && p[2] == 0, "%v", p)
	}
}
