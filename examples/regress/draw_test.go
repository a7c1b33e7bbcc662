package main

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/plotter"
)

// Whatever is predicted, the plot of it is drawn.
func TestDrawGuesses(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.png")
	inf, nan := math.Inf(1), math.NaN()
	for _, values := range [][]float64{
		{}, {1}, {0, 0}, {5, 5, 5}, {nan}, {1, nan, 2}, {inf, 1}, {-inf, inf}, {1e308, -1e308}, {1e300, 1}, {1e30, 1}, {5e-324, 0}, {1e-310, 3e-310},
		{1e15, 1e15 + 1}, {1e17, 1e17 + 16}, {-1e-100, 1e100}, {math.MaxFloat64, 0}, {1, math.Nextafter(1, 2)},
	} {
		points := make(plotter.XYs, len(values))
		for i, v := range values {
			points[i] = plotter.XY{X: values[0], Y: v}
		}
		require.NoError(t, drawGuesses(name, points, "guesses"), "%v", values)
		for i := range points {
			points[i].X, points[i].Y = points[i].Y, points[i].X
		}
		require.NoError(t, drawGuesses(name, points, "guesses"), "%v", values)
	}
}
