package pointcloud

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Pairs that a small motion makes give it back.
func TestToPlanes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	random := func(size float64) [3]float64 {
		return [3]float64{size * rng.NormFloat64(), size * rng.NormFloat64(), size * rng.NormFloat64()}
	}
	plus := func(a, b [3]float64) [3]float64 { return [3]float64{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }
	for range 20 {
		const n = 30
		mean, w, shift := random(10), random(1e-3), random(1)
		var s sums
		var p [n][3]float64
		for i := range n / 2 {
			d := random(1)
			p[2*i], p[2*i+1] = plus(mean, d), sub(mean, d)
		}
		for _, p := range p {
			s.pairs++
			s.plane(p, plus(plus(p, cross(w, sub(p, mean))), shift), unit(random(1)))
		}
		got := s.toPlanes()
		want := Rotation(w, norm(w))
		for i := range 3 {
			require.InDeltaSlice(t, want[i][:], got.R[i][:], 1e-11)
		}
		middle, at := plus(mean, shift), got.of(mean)
		require.InDeltaSlice(t, middle[:], at[:], 1e-9)
	}
}
