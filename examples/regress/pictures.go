package main

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"setwise/examples/internal/show"
	"setwise/layers"
	"setwise/set"
)

// eyes returns convolutions that halve a drawing and have so many channels, and
// the width of what comes of it. There are no batch norms between them, with
// which the number of a set would depend on the other sets of the batch.
func eyes(channels []int, rng *rand.Rand) (m layers.Stack, width int) {
	size, in := side, 1
	for _, out := range channels {
		m = append(m, layers.NewConv(size, size, in, out, 2, rng))
		size, in = (size+1)/2, out
		m = append(m, layers.NewNorm(size*size*in), layers.ReLU)
	}
	return m, size * size * in
}

// drawPictures writes a picture of sets of drawings, with a title for all and one
// for each.
func drawPictures(name, title string, sets []set.Batch, titles []string) error {
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
	const space = side + 2
	sheet := image.NewGray(image.Rect(0, 0, across*space, across*space))
	for i := range sheet.Pix {
		sheet.Pix[i] = 255
	}
	for i := range s.Len() {
		for k, v := range s.Row(i) {
			x, y := i%across*space+1+k%side, i/across*space+1+k/side
			sheet.SetGray(x, y, color.Gray{level(1 - float64(v))})
		}
	}
	return sheet
}

// level returns how bright a pixel is, from 0 for black to 1 for white; what is
// outside is taken to be at the end, and NaN as black.
func level(x float64) uint8 {
	if !(x > 0) {
		return 0
	}
	return uint8(255 * min(x, 1))
}

// shuffled returns things in another order.
func shuffled[T any](things []T, rng *rand.Rand) []T {
	things = slices.Clone(things)
	rng.Shuffle(len(things), func(i, j int) { things[i], things[j] = things[j], things[i] })
	return things
}
