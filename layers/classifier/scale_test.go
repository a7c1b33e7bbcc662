package classifier_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers/classifier"
)

func TestScaler(t *testing.T) {
	var train [][]float64
	for i := range 50 {
		x := float64(i + 1)
		train = append(train, []float64{x, math.Exp(x), -x, 0.1, 5 + x, 50 + x})
	}
	s := classifier.NewScaler(train)
	require.Len(t, s, 6)
	for k, log := range []bool{true, true, false, false, false, false} { // 55 to 6 is not enough
		assert.Equal(t, log, s[k].Log, "column %d", k)
		var sum, square float64
		for _, x := range train {
			v := float64(s.Apply(x)[k])
			sum, square = sum+v/50, square+v*v/50
		}
		assert.InDelta(t, 0, sum, 1e-6)
		if k == 3 {
			assert.Zero(t, square, "the same everywhere")
		} else {
			assert.InDelta(t, 1, square, 1e-6)
		}
	}
	// Numbers without a logarithm count as the smallest.
	assert.Equal(t, s[1].Of(math.E), s[1].Of(0))
	assert.Equal(t, s[1].Of(math.E), s[1].Of(-3))
	assert.Zero(t, s[3].Of(7))
	assert.Zero(t, classifier.Scale{}.Of(7))

	assert.Nil(t, classifier.NewScaler(nil))
	assert.Empty(t, classifier.NewScaler(make([][]float64, 3)))
	assert.Panics(t, func() { s.Apply([]float64{1}) })
	assert.Panics(t, func() { classifier.NewScaler(append(train, []float64{})) })
}

// Whatever finite numbers a column has, all that comes of it is finite, numbers
// keep their order, and those of different size stay apart.
func TestScalerExtremes(t *testing.T) {
	const most, least = math.MaxFloat64, math.SmallestNonzeroFloat64
	for _, column := range [][]float64{
		{-1.7e308, 1.7e308}, {-most, most, most}, {-most, 0, most}, {most, most}, {-most, -most / 2}, {1, most}, {-1, most}, {most / 2, most},
		{least, 2 * least, 3 * least}, {-least, least}, {0, least}, {least, most}, {-most, least, 0}, {least, least}, {1e-310, 1e-300}, {0, 0}, {1e30, -1e30, 5},
		{1, math.Nextafter(1, 2)}, {most, math.Nextafter(most, 0)},
	} {
		rows := make([][]float64, len(column))
		for i, x := range column {
			rows[i] = []float64{x}
		}
		s := classifier.NewScaler(rows)
		for _, x := range []float64{s[0].Least, s[0].Mean, s[0].Deviation} {
			assert.False(t, math.IsNaN(x) || math.IsInf(x, 0), "%v: %+v", column, s)
		}
		of := func(x float64) float64 { return float64(s.Apply([]float64{x})[0]) }
		for _, x := range append([]float64{-most, -1, -least, 0, least, 1, most, math.Inf(1), math.Inf(-1)}, column...) {
			assert.LessOrEqual(t, math.Abs(of(x)), 1e4, "%v: %v", column, x)
		}
		for i := 1; i < len(column); i++ {
			switch a, b := column[i-1], column[i]; {
			case a < b:
				assert.LessOrEqual(t, of(a), of(b), "%v", column)
			case a > b:
				assert.GreaterOrEqual(t, of(a), of(b), "%v", column)
			}
		}
		if column[0] != column[1] {
			assert.Greater(t, math.Abs(of(column[0])-of(column[1])), 1e-4, "%v: %+v", column, s)
		} else {
			assert.Zero(t, of(column[0])-of(column[1]))
		}
	}
}
