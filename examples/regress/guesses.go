package main

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"setwise/examples/internal/show"
)

// drawGuesses writes a plot of predictions, Y, against truth, X, without those that
// no plot has a place for.
func drawGuesses(name string, points plotter.XYs, title string) error {
	const most = 1e100
	points = slices.DeleteFunc(slices.Clone(points), func(p plotter.XY) bool { return !(math.Abs(p.X) < most && math.Abs(p.Y) < most) })
	p := plot.New()
	p.Title.Text = title
	p.X.Label.Text, p.Y.Label.Text = "truth", "prediction"
	line := plotter.NewFunction(func(x float64) float64 { return x })
	line.Color = color.Gray{160}
	p.Add(plotter.NewGrid(), line)
	if len(points) > 0 {
		dots, err := plotter.NewScatter(points)
		if err != nil {
			return err
		}
		dots.Shape, dots.Color, dots.Radius = draw.CircleGlyph{}, color.NRGBA{30, 90, 180, 160}, vg.Points(1.5)
		p.Add(dots)
	}
	widen(&p.X)
	widen(&p.Y)
	return show.Save(name, p, 13*vg.Centimeter, 13*vg.Centimeter)
}

// widen makes an axis wide enough for its marks to be different numbers.
func widen(a *plot.Axis) {
	if a.Min > a.Max { // nothing is drawn
		a.Min, a.Max = 0, 1
	}
	middle := a.Min + (a.Max-a.Min)/2
	if least := max(1e-9*math.Abs(middle), 1e-100); a.Max-a.Min < 2*least {
		a.Min, a.Max = middle-least, middle+least
	}
}
