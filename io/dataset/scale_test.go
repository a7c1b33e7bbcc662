package dataset_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/io/dataset"
)

// Whatever finite numbers a column has, all that comes of it is finite, numbers
// keep their order, and those of different size stay apart.
func TestScalerExtremes(t *testing.T) {
	const most, least = math.MaxFloat64, math.SmallestNonzeroFloat64
	for _, column := range [][]float64{
		{-1.7e308, 1.7e308}, {-most, most, most}, {-most, 0, most}, {most, most}, {-most, -most / 2}, {1, most}, {-1, most}, {most / 2, most},
		{least, 2 * least, 3 * least}, {-least, least}, {0, least}, {least, most}, {-most, least, 0}, {least, least}, {1e-310, 1e-300}, {0, 0}, {1e30, -1e30, 5},
		{1, math.Nextafter(1, 2)}, {most, math.Nextafter(most, 0)},
	} {
		shapes := make([]dataset.Shape, len(column))
		for i, x := range column {
			shapes[i].Extra = []float64{x}
		}
		s := dataset.NewScaler(shapes)
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
