package kernel

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What is compared meets zeros of either sign, infinities and NaN.
func TestCompared(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(6, 6))
		for _, n := range sizes() {
			x, y, s, d := random(rng, n), random(rng, n), random(rng, n), random(rng, n)
			for i := range n {
				switch rng.IntN(3) {
				case 0:
					y[i] = x[i]
				case 1:
					x[i], y[i] = special[rng.IntN(len(special))], special[rng.IntN(len(special))]
				}
			}
			top, sum := make([]float32, n), append([]float32(nil), d...)
			for i := range n {
				if top[i] = x[i]; y[i] > x[i] || y[i] != y[i] {
					top[i] = y[i]
				}
				if x[i] == y[i] {
					sum[i] += s[i]
				}
			}
			got := make([]float32, n)
			Larger(got, x, y)
			same(t, top, got, "larger of %d", n)
			AddEqual(d, s, x, y)
			same(t, sum, d, "sums where equal, of %d", n)
			Larger(x, x, y)
			same(t, top, x, "larger in place")
		}
		assert.Panics(t, func() { AddEqual(make([]float32, 2), make([]float32, 1), make([]float32, 2), make([]float32, 2)) })
	})
}
