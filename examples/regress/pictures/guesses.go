// Package pictures draws what the pictures of several tasks have.
package pictures

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"setwise/examples/internal/show"
)

// Guesses writes a plot of predictions, Y, against truth, X, with one scale for
// both. It says how many are left out because they are not finite.
func Guesses(name string, points plotter.XYs, title string) error {
	p := show.New("", "truth", "prediction")
	p.Add(diagonal{})
	blue := show.Color(0)
	dots := show.Dots(p, color.NRGBA{blue.R, blue.G, blue.B, 150}, 1.8, points)
	show.Same(p)
	if lost := len(points) - len(dots.XYs); lost > 0 {
		title = fmt.Sprintf("%s (without %d of %d that are not finite)", title, lost, len(points))
	}
	return show.Sheet{
		Title: title,
		Key:   []show.Entry{{Name: "a set", Look: dots}, {Name: "where prediction is truth", Look: diagonal{}}},
		Plots: []*plot.Plot{p}, Width: 11 * vg.Centimeter, Height: 11 * vg.Centimeter,
	}.Save(name)
}

// diagonal is where both axes, of one range, have the same value.
type diagonal struct{}

var diagonalStyle = draw.LineStyle{Color: color.Gray{130}, Width: vg.Points(1)}

// Plot draws the diagonal.
func (diagonal) Plot(c draw.Canvas, _ *plot.Plot) {
	c.StrokeLine2(diagonalStyle, c.Min.X, c.Min.Y, c.Max.X, c.Max.Y)
}

// Thumbnail draws what a key shows of it.
func (diagonal) Thumbnail(c *draw.Canvas) {
	c.StrokeLine2(diagonalStyle, c.Min.X, c.Center().Y, c.Max.X, c.Center().Y)
}

// Level returns how bright a pixel is, from 0 for black to 1 for white; what is
// outside is taken to be at the end, and NaN as black.
func Level(x float64) uint8 {
	if !(x > 0) {
		return 0
	}
	return uint8(255 * min(x, 1))
}
