package main

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"setwise/examples/internal/show"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// drawClouds writes a picture of clouds with the ellipses of the mixtures that
// a model finds and of the true ones.
func drawClouds(name string, net layers.Layer, clouds []cloud) error {
	plots := make([]*plot.Plot, len(clouds))
	for i, c := range clouds {
		p := plot.New()
		xy := make(plotter.XYs, c.points.Len())
		for k := range xy {
			xy[k].X, xy[k].Y = float64(c.points.Row(k)[0]), float64(c.points.Row(k)[1])
		}
		dots, err := plotter.NewScatter(xy)
		if err != nil {
			return err
		}
		dots.Shape, dots.Color, dots.Radius = draw.CircleGlyph{}, color.NRGBA{30, 90, 180, 120}, vg.Points(1)
		p.Add(dots)
		if err := addEllipses(p, c.truth, color.Gray{0}, 1); err != nil {
			return err
		}
		if err := addEllipses(p, layers.Apply(net, c.points), color.RGBA{210, 40, 30, 255}, 2); err != nil {
			return err
		}
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -5, 5, -5, 5 // whatever was added
		plots[i] = p
	}
	return show.SaveGrid(name, plots, 3, 7*vg.Centimeter)
}

// addEllipses draws where each Gaussian of a mixture is two deviations from
// its centre, the fainter the less of the mixture it is.
func addEllipses(p *plot.Plot, mixture set.Batch, c color.Color, width float64) error {
	var t *grad.Tape
	m := grad.Const(mixture)
	weights, deviations := t.Softmax(t.Columns(m, 0, 1)), t.Softplus(t.Columns(m, 3, 5))
	for j, weight := range weights.Values {
		xy := make(plotter.XYs, 65)
		for i := range xy {
			a := 2 * math.Pi * float64(i) / 64
			xy[i].X = float64(m.Row(j)[1]) + 2*float64(deviations.Row(j)[0])*math.Cos(a)
			xy[i].Y = float64(m.Row(j)[2]) + 2*float64(deviations.Row(j)[1])*math.Sin(a)
		}
		line, err := plotter.NewLine(xy)
		if err != nil {
			return err
		}
		r, g, b, _ := c.RGBA()
		line.Color = color.NRGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), level((60 + 195*min(4*float64(weight), 1)) / 255)}
		line.Width = vg.Points(width)
		p.Add(line)
	}
	return nil
}
