package elementary

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFinite(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, x := range []float64{0, math.Copysign(0, -1), 5e-324, -1, math.MaxFloat64, -math.MaxFloat64} {
		assert.True(t, Finite(x), x)
	}
	for _, x := range []float64{nan, inf, -inf} {
		assert.False(t, Finite(x), x)
		assert.False(t, Finite(float32(x)), x)
		for k := range 3 {
			v := [3]float64{1, 2, 3}
			w := [3]float32{1, 2, 3}
			assert.True(t, FiniteVector(v) && FiniteVector(w))
			v[k], w[k] = x, float32(x)
			assert.False(t, FiniteVector(v) || FiniteVector(w), "%v at %d", x, k)
		}
	}
	assert.True(t, FiniteVector([3]float32{math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32}))
}
