package pointcloud

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// price is the sum of a pairing, in which every column comes once.
func price(t *testing.T, cost []float64, n int, columns []int) (sum float64) {
	t.Helper()
	seen := make([]bool, n)
	for i, j := range columns {
		require.False(t, seen[j])
		seen[j] = true
		sum += cost[i*n+j]
	}
	return sum
}

// every calls f with all orders of columns.
func every(columns []int, k int, f func()) {
	if k == len(columns) {
		f()
		return
	}
	for i := k; i < len(columns); i++ {
		columns[k], columns[i] = columns[i], columns[k]
		every(columns, k+1, f)
		columns[k], columns[i] = columns[i], columns[k]
	}
}

func TestAssignAgainstAllPairings(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for n := range 7 {
		for _, steps := range []int{1, 3, 1 << 20} { // costs that are equal, and not
			for range 20 {
				cost := make([]float64, n*n)
				for i := range cost {
					cost[i] = float64(rng.IntN(steps)) - float64(steps/3)
				}
				columns := make([]int, n)
				for i := range columns {
					columns[i] = i
				}
				least := math.Inf(1)
				every(columns, 0, func() { least = min(least, price(t, cost, n, columns)) })
				require.Equal(t, least, price(t, cost, n, assign(cost, n)))
			}
		}
	}
}

// Larger ones are proved by their prices.
func TestAssignByPrices(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	for _, n := range []int{50, 200} {
		for name, f := range map[string]func(i, j int) float64{
			"random":   func(i, j int) float64 { return rng.Float64() },
			"few":      func(i, j int) float64 { return float64(rng.IntN(5)) },
			"products": func(i, j int) float64 { return float64((i + 1) * (j + 1)) }, // the hard case
			"line":     func(i, j int) float64 { return math.Abs(float64(i) - 1.7*float64(j)) },
			"large":    func(i, j int) float64 { return rng.Float64() * 1e30 },
			"mixed":    func(i, j int) float64 { return math.Pow(10, 30*rng.Float64()-15) },
		} {
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) {
				cost := make([]float64, n*n)
				for i := range cost {
					cost[i] = f(i/n, i%n)
				}
				a := &assignment{cost: cost, n: n}
				a.solve()
				price(t, cost, n, a.column)
				for i, j := range a.column {
					own := a.costs(i)[j] - a.v[j]
					for k, c := range a.costs(i) {
						require.GreaterOrEqual(t, c-a.v[k], own-1e-12*(math.Abs(c)+math.Abs(a.v[k])+math.Abs(own)), "row %d", i)
					}
				}
			})
		}
	}
}
