package number_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/number"
	"setwise/pointcloud"
)

// TestPlace holds that what a file says comes back in as many digits, and that
// what is written is read as the same point.
func TestPlace(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 100_000 {
		o := math.Round(math.Exp(rng.Float64()*8 + 9.1))
		digits := rng.IntN(5)
		text := strconv.FormatFloat(o+100*rng.NormFloat64(), 'f', digits, 64)
		x, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		v := pointcloud.Relative(x, o)
		got := string(number.AppendCoordinate(nil, v, o))
		if digits < 4 { // 100.0001 has 7 digits
			require.Equal(t, x, number.Place(v, o), text)
			want, _ := strconv.ParseFloat(got, 64)
			require.Equal(t, x, want, text)
		}
		again, err := strconv.ParseFloat(got, 64)
		require.NoError(t, err)
		require.Equal(t, v, pointcloud.Relative(again, o), "%s, written as %s", text, got)
	}
	for _, c := range []struct {
		v    float32
		o    float64
		want string
	}{
		{0.212, 694386, "694386.212"}, {-0.488, 5155488, "5155487.512"}, {0, 5155488, "5155488"},
		{0.1, -1e6, "-999999.9"}, {0.1, 0, "0.1"}, {1e-3, 1 << 52, "4.503599627370496e+15"}, {1e20, 1e6, "1.0000000200408873e+20"},
		{381.036, 0, "381.036"}, {8192.1, 0, "8192.099609375"}, {16777216, 0, "1.6777216e+07"}, {3e20, 0, "3e+20"},
	} {
		assert.Equal(t, c.want, string(number.AppendCoordinate(nil, c.v, c.o)))
	}
	assert.Equal(t, float64(float32(1.5e-30)), number.Place(1.5e-30, 0), "of no fewer digits")
}
