package local_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/local"
	"setwise/pointcloud"
	"setwise/set"
	"setwise/set/grad"
)

// deviations returns the mean and the deviation of each column.
func deviations(x set.Batch) (means, deviations []float64) {
	for j := range x.Dim {
		var mean, square float64
		for i := range x.Len() {
			mean += float64(x.Row(i)[j]) / float64(x.Len())
		}
		for i := range x.Len() {
			square += math.Pow(float64(x.Row(i)[j])-mean, 2) / float64(x.Len())
		}
		means, deviations = append(means, mean), append(deviations, math.Sqrt(square))
	}
	return means, deviations
}

// What comes before the ReLUs of a settled network has mean 0 and deviation 1.
func TestSettle(t *testing.T) {
	stages := []local.Stage{{Groups: pointcloud.Groups{Centres: 12, Near: 8}, Unit: 0.5, Points: []int{8}, Dim: 16}}
	for _, s := range [][]local.Stage{
		stages,
		{stages[0], {Groups: pointcloud.Groups{Centres: 4, Near: 4}, Dim: 16}},
		{{Groups: pointcloud.Groups{Centres: 12, Near: 8}, Points: []int{8}, Dim: 16, Pairs: []int{8}}},
	} {
		x := clouds(40, 64, seeded(2))
		x = set.Concat(x, set.Of(x.Dim, nil))
		m := local.NewNetwork(local.Config{In: x.Dim, Out: 3, Stages: s, Dim: 32, Hidden: 16}, seeded(1))
		m.Settle(x)
		v := grad.Const(x)
		for _, g := range m.Stages {
			if each, ok := g.Each.(layers.Stack); ok {
				unit(t, layers.Apply(each[0], v.Batch), "Each")
			}
			v = g.Forward(nil, v)
			for j := 3; j < v.Dim; j++ {
				least, most := float32(math.Inf(1)), float32(0)
				for i := range v.Len() {
					least, most = min(least, v.Row(i)[j]), max(most, v.Row(i)[j])
				}
				require.Zero(t, least, "column %d is a line", j)
				require.Positive(t, most, "column %d is dead", j)
			}
		}
		unit(t, layers.Apply(m.Tokens[0], v.Batch), "Tokens")
		unit(t, layers.Apply(m.Head.In, layers.Apply(m.Pool, layers.Apply(m.Tokens, v.Batch))), "Head")
	}
}

func unit(t *testing.T, z set.Batch, what string) {
	means, deviations := deviations(z)
	for j := range means {
		require.InDelta(t, 0, means[j], 1e-4, "%s, column %d", what, j)
		require.InDelta(t, 1, deviations[j], 1e-3, "%s, column %d", what, j)
	}
}

// Clouds without points, and points that are all equal, tell nothing, and leave
// numbers that are finite.
func TestSettleNothing(t *testing.T) {
	for _, x := range []set.Batch{{Dim: 6, Offsets: set.Offsets{0}}, set.Of(6, nil), set.Of(6, make([]float32, 60)), {Dim: 6, Values: make([]float32, 12), Offsets: set.Offsets{0, 1, 2}}} {
		m := local.NewNetwork(local.Config{In: 6, Out: 3, Dim: 32, Hidden: 16}, seeded(1))
		m.Settle(x)
		for name, p := range layers.Params(m) {
			for _, w := range p.Data {
				require.False(t, math.IsNaN(float64(w)) || math.IsInf(float64(w), 0), name)
			}
		}
	}
}
