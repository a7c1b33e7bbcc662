package pointcloud_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
	"setwise/set"
)

// blobs are points whose density changes from place to place, by many powers of
// ten, with some points in one place.
func blobs(n int, rng *rand.Rand) [][3]float32 {
	points := make([][3]float32, n)
	for i := range points {
		size := math.Pow(10, float64(i*20/n)-10)
		for k := range 3 {
			points[i][k] = float32(float64(i*7/n) + size*rng.NormFloat64())
		}
		if i%11 == 0 {
			points[i] = points[i/2]
		}
	}
	return points
}

// All at once is as one by one, which other tests hold to all points.
func TestNearestAll(t *testing.T) {
	rng := seeded(21)
	n := 1600
	if testing.Short() {
		n = 600
	}
	clouds := kinds(n, rng)
	clouds["blobs"] = blobs(n, rng)
	places := map[string][][3]float32{
		"far away": cube(300, rng).Points, // of most
		"few":      {{0.5, 0.5, 0.5}},
		"none":     nil,
		"blobs":    blobs(n, rng)[:n/2],
	}
	for name, points := range clouds {
		t.Run(name, func(t *testing.T) {
			tree, err := pointcloud.NewTree(points)
			require.NoError(t, err)
			places["self"] = points
			for from, places := range places {
				for _, k := range []int{0, 1, 16, 64, 65} {
					all, err := tree.NearestAll(places, k)
					require.NoError(t, err)
					require.Len(t, all, k*len(places))
					for i, q := range places {
						if i%7 == 0 {
							equal(t, tree.Nearest(q, k, nil), all[i*k:(i+1)*k], "place", i, "of", from)
						}
					}
				}
			}
		})
	}
}

func TestNearestAllOfFewAndBad(t *testing.T) {
	tree := cube(3, seeded(22)).Tree()
	all, err := tree.NearestAll([][3]float32{{0, 0, 0}, {1, 1, 1}}, 5)
	require.NoError(t, err)
	require.Len(t, all, 6, "all points, twice")
	var none pointcloud.Tree
	all, err = none.NearestAll([][3]float32{{0, 0, 0}, {1, 1, 1}}, 5)
	require.NoError(t, err)
	require.Empty(t, all)
	for _, x := range []float32{nan, inf, -inf} {
		_, err = tree.NearestAll([][3]float32{{1, 1, 1}, {1, x, 1}}, 1)
		require.ErrorContains(t, err, "place 1:")
	}
	require.Error(t, set.Try(func() { _, _ = tree.NearestAll(nil, -1) }))
}

func ExampleTree_NearestAll() {
	tree := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {10, 0, 0}, {1, 0, 0}, {12, 0, 0}}}.Tree()
	places := [][3]float32{{11, 0, 0}, {2, 0, 0}}
	near, err := tree.NearestAll(places, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, q := range places {
		fmt.Println(q, near[2*i:2*i+2])
	}
	// Output:
	// [11 0 0] [{1 1} {3 1}]
	// [2 0 0] [{2 1} {0 4}]
}
