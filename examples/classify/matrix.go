package main

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"setwise/examples/internal/show"
	"setwise/layers/train"
)

// Sizes of the confusion matrix, in points.
const (
	smallestCell = 18.0 // with more classes than it has room for, smaller ones
	largestCell  = 80.0
	fewCells     = 372.0  // the side of a matrix of some classes
	largestSide  = 2200.0 // of any
	largestType  = 10.0
	smallestType = 4.5 // that can be read
)

// longestName is how many characters of the name of a class are shown.
const longestName = 80

// drawConfusion writes the confusion matrix as PNG: true classes downwards,
// predicted ones across, counts in the cells, coloured by their share of the true
// class. Names and counts too small to be read are left out.
func drawConfusion(w io.Writer, m train.Confusion, classes []string) error {
	n := len(classes)
	cell := min(max(fewCells/float64(n), smallestCell), largestCell, largestSide/float64(n))
	p := show.New("", "predicted class", "true class")
	p.Add(cells(m))
	p.X.Tick.Label.Font.Size = vg.Length(min(largestType, 0.75*cell))
	p.Y.Tick.Label.Font.Size = p.X.Tick.Label.Font.Size
	across, down := make(plot.ConstantTicks, n), make(plot.ConstantTicks, n)
	wide := false
	for i, name := range classes {
		name = show.Shorten(show.Plain(name), longestName)
		across[i] = plot.Tick{Value: float64(i), Label: name}
		wide = wide || p.X.Tick.Label.Width(name) > vg.Length(cell-2)
		if _, all := m.Class(i); all == 0 {
			name += " (no shapes)"
		}
		down[i] = plot.Tick{Value: float64(n - 1 - i), Label: name}
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = across, down
	if wide {
		for i := range across {
			across[i].Label += " " // which keeps it away from the axis
		}
		p.X.Tick.Label.Rotation, p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = math.Pi/2, draw.XRight, draw.YCenter
	}
	if p.X.Tick.Label.Font.Size < smallestType {
		p.HideAxes()
		p.X.Label.Text += fmt.Sprintf(", %d of them in the order of their names", n)
	}
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Tick.Length, a.Padding = 3, 0
	}
	return show.Sheet{
		Title: fmt.Sprintf("Confusion matrix, accuracy %.3f", m.Accuracy()),
		Key:   []show.Entry{{Name: "half of a true class", Look: share(0.5)}, {Name: "all of it", Look: share(1)}},
		Plots: []*plot.Plot{p}, Width: vg.Length(cell * float64(n)), Height: vg.Length(cell * float64(n)),
	}.Encode(w)
}

// cells are those of a confusion matrix, the first class on top.
type cells train.Confusion

// DataRange returns the places of the edges, the first cell being at 0.
func (m cells) DataRange() (left, right, bottom, top float64) {
	return -0.5, float64(len(m)) - 0.5, -0.5, float64(len(m)) - 0.5
}

// Plot draws the cells.
func (m cells) Plot(c draw.Canvas, p *plot.Plot) {
	n := len(m)
	side := c.Size().X / vg.Length(n)
	words := p.X.Tick.Label
	words.Rotation, words.XAlign, words.YAlign = 0, draw.XCenter, draw.YCenter
	fill(c, c.Min, c.Size(), color.White)
	most := 0
	for _, row := range m {
		most = max(most, slices.Max(row))
	}
	words.Font.Size = min(largestType, 0.75*side)
	words.Font.Size *= min(1, (side-2)/words.Width(fmt.Sprint(most)))
	for i, row := range m {
		_, all := train.Confusion(m).Class(i)
		for j, count := range row {
			if count == 0 {
				continue
			}
			at := vg.Point{X: c.Min.X + vg.Length(j)*side, Y: c.Max.Y - vg.Length(i+1)*side}
			s := share(float64(count) / float64(max(all, 1)))
			fill(c, at, vg.Point{X: side, Y: side}, s.color())
			if words.Font.Size >= smallestType {
				words.Color = color.Black
				if s > 0.6 {
					words.Color = color.White
				}
				c.FillText(words, at.Add(vg.Point{X: side / 2, Y: side / 2}), fmt.Sprint(count))
			}
		}
	}
	line := draw.LineStyle{Color: color.Gray{225}, Width: min(0.5, side/20)}
	for i := range n + 1 {
		x, y := c.Min.X+vg.Length(i)*side, c.Min.Y+vg.Length(i)*side
		c.StrokeLine2(line, x, c.Min.Y, x, c.Max.Y)
		c.StrokeLine2(line, c.Min.X, y, c.Max.X, y)
	}
}

// share is that of a true class, from 0 to 1.
type share float64

// color returns a blue that is the darker the larger the share is.
func (s share) color() color.Color {
	t := 0.1 + 0.9*float64(s)
	return color.RGBA{uint8(255 * (1 - t)), uint8(255 - 155*t), uint8(255 - 80*t), 255}
}

// Thumbnail draws what a key shows of it.
func (s share) Thumbnail(c *draw.Canvas) { fill(*c, c.Min, c.Size(), s.color()) }

func fill(c draw.Canvas, at, size vg.Point, with color.Color) {
	c.FillPolygon(with, []vg.Point{at, {X: at.X + size.X, Y: at.Y}, at.Add(size), {X: at.X, Y: at.Y + size.Y}})
}
