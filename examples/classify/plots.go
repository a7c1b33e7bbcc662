package main

import (
	"fmt"
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"setwise/examples/internal/show"
)

// drawCurve writes the learning curve as PNG: the losses, and below them the
// accuracies. The epoch that was kept is marked if a validation part chose it.
func drawCurve(w io.Writer, c curve, validated bool) error {
	losses, accuracies := show.New("", "", "loss"), show.New("", "epoch", "accuracy")
	var key []show.Entry
	draw := func(name string, loss, accuracy func(epoch) float64) {
		style := show.Stroke(len(key))
		entry := show.Entry{Name: name, Look: show.Line(losses, style, c.line(loss))}
		if accuracy != nil {
			show.Line(accuracies, style, c.line(accuracy))
		}
		key = append(key, entry)
	}
	draw("while learning", func(e epoch) float64 { return e.Loss }, nil)
	draw("on unseen shapes", func(e epoch) float64 { return e.UnseenLoss }, func(e epoch) float64 { return e.Unseen })
	if validated {
		draw("on the validation part", func(e epoch) float64 { return e.ValidationLoss }, func(e epoch) float64 { return e.ValidationAccuracy })
		kept := upright{float64(c.best())}
		losses.Add(kept)
		accuracies.Add(kept)
		key = append(key, show.Entry{Name: fmt.Sprintf("epoch %d, which was kept", c.best()), Look: kept})
	}
	losses.Y.Min = min(losses.Y.Min, 0)
	accuracies.Y.Min, accuracies.Y.Max = 0, 1
	for _, p := range []*plot.Plot{losses, accuracies} {
		p.X.Min, p.X.Max = 1, float64(max(len(c.Epochs), 2))
		p.X.Tick.Marker = show.Marks{Whole: true}
	}
	return show.Sheet{
		Title: "Learning curve", Key: key,
		Plots: []*plot.Plot{losses, accuracies}, Width: 13 * vg.Centimeter, Height: 5 * vg.Centimeter,
	}.Encode(w)
}

// drawMinutes writes the accuracies by the minutes that training took, as PNG.
func drawMinutes(w io.Writer, c curve, validated bool) error {
	p := show.New("", "minute", "accuracy")
	var key []show.Entry
	draw := func(name string, accuracy func(epoch) float64) {
		line := c.line(accuracy)
		for i, e := range c.Epochs {
			line[i].X = e.Seconds / 60
		}
		key = append(key, show.Entry{Name: name, Look: show.Line(p, show.Stroke(len(key)), line)})
	}
	draw("of unseen shapes", func(e epoch) float64 { return e.Unseen })
	if validated {
		draw("of the validation part", func(e epoch) float64 { return e.ValidationAccuracy })
	}
	p.X.Min, p.Y.Min, p.Y.Max = 0, 0, 1
	return show.Sheet{
		Title: "Accuracy by minute", Key: key, Plots: []*plot.Plot{p}, Width: 13 * vg.Centimeter, Height: 6 * vg.Centimeter,
	}.Encode(w)
}

// line returns one value of each epoch.
func (c curve) line(of func(epoch) float64) plotter.XYs {
	line := make(plotter.XYs, len(c.Epochs))
	for i, e := range c.Epochs {
		line[i] = plotter.XY{X: float64(i + 1), Y: of(e)}
	}
	return line
}

// upright is a line at a place of the X axis.
type upright struct{ at float64 }

var uprightStyle = draw.LineStyle{Color: color.Gray{130}, Width: vg.Points(1)}

// Plot draws the line.
func (u upright) Plot(c draw.Canvas, p *plot.Plot) {
	x := c.X(p.X.Norm(u.at))
	c.StrokeLine2(uprightStyle, x, c.Min.Y, x, c.Max.Y)
}

// Thumbnail draws what a key shows of it.
func (upright) Thumbnail(c *draw.Canvas) {
	c.StrokeLine2(uprightStyle, c.Center().X, c.Min.Y, c.Center().X, c.Max.Y)
}
