package number_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/number"
)

// Every 16-bit float is the sum of its bits.
func TestHalf(t *testing.T) {
	for h := range 1 << 16 {
		exponent, fraction := h>>10&0x1f, float64(h&0x3ff)/1024
		var want float64
		switch {
		case exponent == 0:
			want = math.Ldexp(fraction, -14)
		case exponent < 31:
			want = math.Ldexp(1+fraction, exponent-15)
		case fraction == 0:
			want = math.Inf(1)
		default:
			assert.True(t, math.IsNaN(float64(number.Half(h).Float32())))
			continue
		}
		if h>>15 == 1 {
			want = -want
		}
		require.Equal(t, math.Float64bits(want), math.Float64bits(float64(number.Half(h).Float32())), "%#04x", h)
	}
}
