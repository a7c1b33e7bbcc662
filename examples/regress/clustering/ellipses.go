package clustering

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"setwise/examples/internal/show"
	"setwise/examples/regress/pictures"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// drawClouds writes a picture of clouds with the ellipses of the mixtures that
// a model finds and of the true ones, all in one square.
func drawClouds(name string, net layers.Layer, clouds []cloud) error {
	plots := make([]*plot.Plot, len(clouds))
	var key []show.Entry
	extent := 5.0
	for i, c := range clouds {
		p := show.New("", "", "")
		xy := make(plotter.XYs, c.points.Len())
		for k := range xy {
			xy[k].X, xy[k].Y = float64(c.points.Row(k)[0]), float64(c.points.Row(k)[1])
		}
		blue := show.Color(5)
		key = []show.Entry{
			{Name: "points", Look: show.Dots(p, color.NRGBA{blue.R, blue.G, blue.B, 150}, 1, xy)},
			{Name: "true mixture, at two deviations", Look: addEllipses(p, c.truth, color.RGBA{A: 255}, 1)},
			{Name: "mixture found", Look: addEllipses(p, layers.Apply(net, c.points), show.Color(1), 2)},
		}
		extent = max(extent, p.X.Max, p.Y.Max, -p.X.Min, -p.Y.Min)
		plots[i] = p
	}
	for _, p := range plots {
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -extent, extent, -extent, extent
	}
	return show.Sheet{
		Title: "mixtures of Gaussians in the plane", Key: key,
		Plots: plots, Columns: 3, Width: 6 * vg.Centimeter, Height: 6 * vg.Centimeter,
	}.Save(name)
}

// addEllipses draws where each Gaussian of a mixture is two deviations from
// its centre, the fainter the less of the mixture it is, and returns what a key
// shows of them. Those that are not finite are left out.
func addEllipses(p *plot.Plot, mixture set.Batch, c color.RGBA, width float64) plot.Thumbnailer {
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
		shade := color.NRGBA{c.R, c.G, c.B, pictures.Level((60 + 195*min(4*float64(weight), 1)) / 255)}
		show.Line(p, draw.LineStyle{Color: shade, Width: vg.Points(width)}, xy)
	}
	return &plotter.Line{LineStyle: draw.LineStyle{Color: c, Width: vg.Points(width)}}
}
