package pointcloud

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Eigenvectors are at right angles to one another, of length 1, and only made
// longer by the matrix, by their eigenvalues.
func TestEigen(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for name, number := range map[string]func(i, j int) float64{
		"random":      func(int, int) float64 { return rng.NormFloat64() },
		"zero":        func(int, int) float64 { return 0 },
		"ones":        func(int, int) float64 { return 1 }, // of rank 1
		"diagonal":    func(i, j int) float64 { return max(0, 1-math.Abs(float64(i-j))) * rng.NormFloat64() },
		"large":       func(int, int) float64 { return 1e150 * rng.NormFloat64() },
		"small":       func(int, int) float64 { return 1e-150 * rng.NormFloat64() },
		"of all size": func(i, j int) float64 { return math.Pow(10, float64(-3*(i+j))) * rng.NormFloat64() },
	} {
		for n := 1; n <= 6; n++ {
			a, was := make([][]float64, n), make([][]float64, n)
			var size float64
			for i := range a {
				a[i] = make([]float64, n)
				for j := range i + 1 {
					a[i][j] = number(i, j)
					a[j][i] = a[i][j]
					size = max(size, math.Abs(a[i][j]))
				}
			}
			for i := range a {
				was[i] = slices.Clone(a[i])
			}
			values, vectors := eigen(a)
			require.True(t, slices.IsSorted(values), name)
			for k, v := range vectors {
				for l, w := range vectors {
					want := 0.
					if k == l {
						want = 1
					}
					require.InDelta(t, want, dot6(v, w), 1e-14, "%s, %d", name, n)
				}
				for i := range was {
					require.InDelta(t, values[k]*v[i], dot6(was[i], v), 1e-14*size, "%s, %d", name, n)
				}
			}
		}
	}
}
