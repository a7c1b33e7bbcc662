package pictures

import (
	"image/color"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/plotter"

	"setwise/examples/regress/regresstest"
)

// Truth and prediction have one scale, and points at the edges are whole.
func TestGuessesAreSquare(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.png")
	require.NoError(t, Guesses(name, plotter.XYs{{X: -100, Y: -100}, {X: 1e5, Y: 1e5}, {X: -100, Y: 1e5}, {X: 1e5, Y: 7}}, "guesses"))
	regresstest.Room(t, name)
	blue := func(_ int, c color.RGBA) bool { return int(c.B)-int(c.R) > 40 }
	_, all := regresstest.Inked(t, name, blue)
	_, right := regresstest.Inked(t, name, func(x int, c color.RGBA) bool { return blue(x, c) && x > all.Max.X-8 }) // without the key
	require.InDelta(t, all.Dx(), right.Dy(), 2)
}

// Whatever is predicted, the plot of it is drawn.
func TestDrawAnyGuesses(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures")
	}
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
		require.NoError(t, Guesses(name, points, "guesses"), "%v", values)
		regresstest.Room(t, name)
		for i := range points {
			points[i].X, points[i].Y = points[i].Y, points[i].X
		}
		require.NoError(t, Guesses(name, points, "guesses"), "%v", values)
	}
}
