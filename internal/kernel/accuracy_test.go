package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestAccuracy looks for the largest relative error over numbers taken evenly from all float32.
func TestAccuracy(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		var x []float32
		for bits := uint64(0); bits < 1<<32; bits += uint64(4099 * pace(50)) {
			x = append(x, math.Float32frombits(uint32(bits)))
		}
		for i := 0; i < 200000; i += pace(50) { // and where the functions bend
			x = append(x, float32(i-100000)*1e-3)
		}
		y := make([]float32, len(x))
		for _, f := range []struct {
			name  string
			f     func(dst, x []float32)
			twin  func(x float64) float64
			bound float64
		}{
			{"exp", Exp, math.Exp, 1.5e-7},
			{"tanh", Tanh, math.Tanh, 2.4e-7},
			{"sigmoid", Sigmoid, sigmoid1, 2.4e-7},
		} {
			f.f(y, x)
			worst, at := 0.0, float32(0)
			for i, v := range x {
				want := f.twin(float64(v))
				if math.Abs(want) < 1.2e-38 || want > math.MaxFloat32 || want != want {
					near(t, want, y[i], 0, 0, "%s(%g)", f.name, v)
					continue
				}
				if e := math.Abs(float64(y[i])-want) / math.Abs(want); e > worst || e != e {
					worst, at = e, v
				}
			}
			assert.LessOrEqual(t, worst, f.bound, "%s is furthest off at %g", f.name, at)
			t.Logf("%s: %.2g at %g", f.name, worst, at)
		}
	})
}
