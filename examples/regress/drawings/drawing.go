// Package drawings is what the tasks of pictures share: drawings of digits or
// characters, of one size, how they are distorted for learning, the convolutions
// that look at them, and pictures of sets of them.
package drawings

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"setwise/examples/internal/show"
	"setwise/examples/regress/pictures"
	"setwise/layers"
	"setwise/set"
)

// A Drawing is a picture of Side x Side pixels from 0, empty, to 1, ink, row after
// row, and what it shows.
type Drawing struct {
	Pixels []float32
	Class  int
}

// Side is how high and wide all drawings are.
const Side = 28

// Eyes returns convolutions that halve a drawing and have so many channels, and
// the width of what comes of it. There are no batch norms between them, with
// which the number of a set would depend on the other sets of the batch.
func Eyes(channels []int, rng *rand.Rand) (m layers.Stack, width int) {
	size, in := Side, 1
	for _, out := range channels {
		m = append(m, layers.NewConv(size, size, in, out, 2, rng))
		size, in = (size+1)/2, out
		m = append(m, layers.NewNorm(size*size*in), layers.ReLU)
	}
	return m, size * size * in
}

// Picture writes a picture of sets of drawings, with a title for all and one
// for each.
func Picture(name, title string, sets []set.Batch, titles []string) error {
	plots := make([]*plot.Plot, len(sets))
	for i, s := range sets {
		plots[i] = show.New(titles[i], "", "")
		plots[i].HideAxes()
		across := int(math.Ceil(math.Sqrt(float64(s.Len()))))
		plots[i].Add(plotter.NewImage(montage(s, across), 0, 0, 1, 1))
	}
	return show.Sheet{Title: title, Plots: plots, Columns: 3, Width: 5.5 * vg.Centimeter, Height: 5.5 * vg.Centimeter}.Save(name)
}

// montage returns the drawings of a set on one sheet, so many in a row.
func montage(s set.Batch, across int) image.Image {
	const space = Side + 2
	sheet := image.NewGray(image.Rect(0, 0, across*space, across*space))
	for i := range sheet.Pix {
		sheet.Pix[i] = 255
	}
	for i := range s.Len() {
		for k, v := range s.Row(i) {
			x, y := i%across*space+1+k%Side, i/across*space+1+k/Side
			sheet.SetGray(x, y, color.Gray{pictures.Level(1 - float64(v))})
		}
	}
	return sheet
}
