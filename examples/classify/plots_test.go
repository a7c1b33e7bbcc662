package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/examples/internal/show"
	"setwise/layers/train"
)

// pictureOf returns what draw writes as PNG, which has white edges.
func pictureOf(t *testing.T, draw func(io.Writer) error) image.Image {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, draw(&b))
	img, err := png.Decode(&b)
	require.NoError(t, err)
	edge := img.Bounds().Inset(3)
	require.Zero(t, count(img, func(x, y int, c color.RGBA) bool {
		return !image.Pt(x, y).In(edge) && c != color.RGBA{255, 255, 255, 255}
	}))
	return img
}

// count returns for how many pixels of a picture is holds.
func count(img image.Image, is func(x, y int, c color.RGBA) bool) (n int) {
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if is(x, y, color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)) {
				n++
			}
		}
	}
	return n
}

// Losses are in the upper half and accuracies in the lower, each on an axis of its
// own, however large the losses are.
func TestCurveHasTwoAxes(t *testing.T) {
	for _, scale := range []float64{1e-3, 1, 1000, 1e30} {
		var c curve
		for i := range 10 {
			f := float64(i)
			c.Epochs = append(c.Epochs, epoch{
				Loss: scale * (10 - f), UnseenLoss: scale * 10, Unseen: 0.5,
				ValidationLoss: scale * 5, ValidationAccuracy: 0.25 + math.Abs(5-f)/100,
			})
		}
		for _, validated := range []bool{false, true} {
			img := pictureOf(t, func(w io.Writer) error { return drawCurve(w, c, validated) })
			middle := img.Bounds().Dy()*11/20 + 10
			var seen [3][2]int // by line and half
			var rows []int
			for i := range seen {
				is := func(upper bool) func(x, y int, c color.RGBA) bool {
					return func(x, y int, c color.RGBA) bool {
						found := c == show.Color(i) && y > 70 && (y < middle) == upper
						if found && i == 1 && !upper {
							rows = append(rows, y)
						}
						return found
					}
				}
				seen[i] = [2]int{count(img, is(true)), count(img, is(false))}
			}
			require.Positive(t, seen[0][0], "losses while learning")
			require.Zero(t, seen[0][1])
			require.Positive(t, seen[1][0], "losses on unseen shapes")
			require.Positive(t, seen[1][1], "their accuracies")
			require.InDelta(t, rows[0], rows[len(rows)-1], 2, "of one half, whatever the losses")
			require.Equal(t, validated, seen[2][0] > 0)
			require.Equal(t, validated, seen[2][1] > 0)
		}
	}
}

// Curves of one epoch, and of numbers that are not finite, are drawn.
func TestAnyCurve(t *testing.T) {
	for _, losses := range [][]float64{nil, {1}, {0}, {math.NaN(), 1}, {1e300, 1e-300}, {math.Inf(1), 2, math.NaN()}, {-1, -2}} {
		var c curve
		for _, l := range losses {
			c.Epochs = append(c.Epochs, epoch{Loss: l, UnseenLoss: l, Unseen: 0.5})
		}
		img := pictureOf(t, func(w io.Writer) error { return drawCurve(w, c, false) })
		if len(losses) == 1 {
			require.Greater(t, count(img, func(_, y int, c color.RGBA) bool { return c == show.Color(1) && y > 80 }), 10, "a dot for one epoch")
		}
	}
}

// A confusion matrix shows all counts that can be read, and all names whole.
func TestConfusionMatrix(t *testing.T) {
	draw := func(n int, name string) image.Image {
		m, classes := make(train.Confusion, n), make([]string, n)
		for i := range m {
			m[i] = make([]int, n)
			m[i][i] = 12
			m[i][(i+1)%n] += 3
			classes[i] = fmt.Sprint(name, i)
		}
		return pictureOf(t, func(w io.Writer) error { return drawConfusion(w, m, classes) })
	}
	for _, n := range []int{1, 2, 12, 60} {
		short, long := draw(n, "c"), draw(n, strings.Repeat("long name ", 4))
		require.Greater(t, long.Bounds().Dx(), short.Bounds().Dx()+100, "room for the names downwards")
		require.Greater(t, long.Bounds().Dy(), short.Bounds().Dy()+100, "and across")
		blue := func(_, _ int, c color.RGBA) bool { return c.R < 120 && c.B > 150 && int(c.B)-int(c.R) > 60 }
		cells := max(18.0, min(80, 372/float64(n))) * 96 / 72
		require.InEpsilon(t, float64(n)*cells*cells, float64(count(short, blue)), 0.35, "cells of the diagonal, without their counts")
	}
	if !testing.Short() {
		require.Less(t, draw(250, "c").Bounds().Dx(), 3200)
		draw(600, "a long name that nobody can read")
	}
	draw(2, strings.Repeat("x", 255))
	draw(3, "\x1b[31m\n")
	_ = pictureOf(t, func(w io.Writer) error { return drawConfusion(w, train.Confusion{{0, 0}, {0, 0}}, []string{"a", "b"}) })
}
