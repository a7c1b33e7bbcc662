package main

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/plotter"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// inked returns the size of the picture in a file, and the rectangle with all of
// its pixels for which is holds.
func inked(t *testing.T, name string, is func(x int, c color.RGBA) bool) (size, r image.Rectangle) {
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	img, err := png.Decode(f)
	require.NoError(t, err)
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if is(x, color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)) {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return img.Bounds(), r
}

// requireRoom requires the picture in a file to have white edges.
func requireRoom(t *testing.T, name string) {
	size, ink := inked(t, name, func(_ int, c color.RGBA) bool { return c != color.RGBA{255, 255, 255, 255} })
	require.True(t, ink.In(size.Inset(3)), "%v in %v", ink, size)
}

// Truth and prediction have one scale, and points at the edges are whole.
func TestGuessesAreSquare(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.png")
	require.NoError(t, drawGuesses(name, plotter.XYs{{X: -100, Y: -100}, {X: 1e5, Y: 1e5}, {X: -100, Y: 1e5}, {X: 1e5, Y: 7}}, "guesses"))
	requireRoom(t, name)
	blue := func(_ int, c color.RGBA) bool { return int(c.B)-int(c.R) > 40 }
	_, all := inked(t, name, blue)
	_, right := inked(t, name, func(x int, c color.RGBA) bool { return blue(x, c) && x > all.Max.X-8 }) // without the key
	require.InDelta(t, all.Dx(), right.Dy(), 2)
}

// All of a cloud is seen, and all of the mixtures, however far away or strange.
func TestDrawClouds(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.png")
	far := newCloud(newRand(1))
	far.points.Row(0)[0] = 1e4
	for _, value := range []float32{0, 1, -1e4, 1e30, math.MaxFloat32, float32(math.NaN()), float32(math.Inf(1))} {
		net := layers.Func(func(*grad.Tape, grad.Value) grad.Value {
			m := set.New(5, clusters)
			for i := range m.Values {
				m.Values[i] = value
			}
			return grad.Const(m)
		})
		require.NoError(t, drawClouds(name, net, []cloud{newCloud(newRand(2)), far}))
		requireRoom(t, name)
	}
}

// Models that are always right, or hardly ever, have a plot of their errors.
func TestDrawSizes(t *testing.T) {
	dir := t.TempDir()
	for _, value := range []float64{0, 1e-3, 7, 1e30, math.Inf(1), math.NaN()} {
		numbers := map[string]number{}
		for n := sumStep; n <= largestSum; n += sumStep {
			numbers[fmt.Sprint("mae", n)] = number{Value: value}
		}
		name := filepath.Join(dir, "a.png")
		require.NoError(t, drawSizes(name, options{out: dir, model: "rff+sum"}, numbers))
		requireRoom(t, name)
	}
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
		require.NoError(t, drawGuesses(name, points, "guesses"), "%v", values)
		requireRoom(t, name)
		for i := range points {
			points[i].X, points[i].Y = points[i].Y, points[i].X
		}
		require.NoError(t, drawGuesses(name, points, "guesses"), "%v", values)
	}
}
