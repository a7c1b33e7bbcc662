package main

import (
	"fmt"
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/palette"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"setwise/examples/internal/show"
	"setwise/layers/train"
)

// drawCurve writes the learning curve as PNG.
func drawCurve(w io.Writer, c curve) error {
	p := plot.New()
	p.Title.Text = "Learning curve"
	p.X.Label.Text = "epoch"
	p.Y.Min = 0
	p.Legend.Top = true
	for _, l := range []struct {
		name   string
		values []float64
		colour color.Color
	}{
		{"loss while training", c.values(func(e epoch) float64 { return e.Loss }), color.RGBA{200, 60, 40, 255}},
		{"accuracy on unseen shapes", c.values(func(e epoch) float64 { return e.Unseen }), color.RGBA{30, 90, 180, 255}},
	} {
		xy := make(plotter.XYs, len(l.values))
		for i, v := range l.values {
			xy[i] = plotter.XY{X: float64(i + 1), Y: v}
		}
		line, err := plotter.NewLine(xy)
		if err != nil {
			return err
		}
		line.Color, line.Width = l.colour, vg.Points(1.5)
		p.Add(line)
		p.Legend.Add(l.name, line)
	}
	p.Add(plotter.NewGrid())
	p.X.Max += 0.01 * float64(len(c.Epochs)) // room at the edge
	return show.Encode(w, p, 16*vg.Centimeter, 11*vg.Centimeter)
}

// shares is a confusion matrix as a grid of the share of each true class.
type shares train.Confusion

func (s shares) Dims() (c, r int) { return len(s), len(s) }
func (s shares) X(c int) float64  { return float64(c) }
func (s shares) Y(r int) float64  { return float64(r) }
func (s shares) Z(c, r int) float64 {
	row := len(s) - 1 - r // the first class on top
	_, all := train.Confusion(s).Class(row)
	return float64(s[row][c]) / float64(max(all, 1))
}

// drawConfusion writes the confusion matrix as PNG: true classes downwards,
// predicted ones across, counts in the cells.
func drawConfusion(w io.Writer, m train.Confusion, classes []string) error {
	p := plot.New()
	p.Title.Text = fmt.Sprintf("Confusion, accuracy %.3f", m.Accuracy())
	p.X.Label.Text, p.Y.Label.Text = "predicted", "true"
	heat := plotter.NewHeatMap(shares(m), whiteToBlue{})
	heat.Min, heat.Max = 0, 1
	p.Add(heat)
	n := len(classes)
	across, down := make([]plot.Tick, n), make([]plot.Tick, n)
	cells := plotter.XYLabels{}
	for i, name := range classes {
		across[i] = plot.Tick{Value: float64(i), Label: name}
		down[i] = plot.Tick{Value: float64(n - 1 - i), Label: name}
		for j, count := range m[i][:n] {
			if count > 0 {
				cells.XYs = append(cells.XYs, plotter.XY{X: float64(j), Y: float64(n - 1 - i)})
				cells.Labels = append(cells.Labels, fmt.Sprint(count))
			}
		}
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.ConstantTicks(across), plot.ConstantTicks(down)
	p.X.Tick.Label.Rotation = 0.9
	p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = -1, -0.5
	if len(cells.XYs) > 0 {
		labels, err := plotter.NewLabels(cells)
		if err != nil {
			return err
		}
		for i := range labels.TextStyle {
			labels.TextStyle[i].XAlign, labels.TextStyle[i].YAlign = -0.5, -0.5
		}
		p.Add(labels)
	}
	p.X.Max += 0.1 // room at the edge
	p.Y.Max += 0.1
	side := vg.Length(max(12, 6+n)) * vg.Centimeter
	return show.Encode(w, p, side, side)
}

// whiteToBlue is a palette light enough for black figures on it.
type whiteToBlue struct{}

func (whiteToBlue) Colors() []color.Color {
	colors := make([]color.Color, 64)
	for i := range colors {
		f := float64(i) / float64(len(colors)-1)
		colors[i] = color.RGBA{uint8(255 - 175*f), uint8(255 - 115*f), 255, 255}
	}
	return colors
}

var _ palette.Palette = whiteToBlue{}
