package view

import (
	"fmt"
	"image/color"
	"math"
)

type rgb [3]uint8

// String returns the colour as web pages write it.
func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

var (
	grey  = rgb{168, 168, 168} // of what is not known
	plain = rgb{84, 134, 200}  // of points without values
	stone = rgb{205, 205, 210} // of meshes without values
)

// classColors are the eight colours of Okabe and Ito, but for black, which
// shading would not show.
var classColors = [8]rgb{
	{0, 114, 178},   // blue
	{230, 159, 0},   // orange
	{0, 158, 115},   // green
	{213, 94, 0},    // vermilion
	{86, 180, 233},  // sky blue
	{204, 121, 167}, // purple
	{240, 228, 66},  // yellow
	{90, 90, 90},    // dark grey
}

// ClassColor returns the colour in which a class is shown, before light and shadow:
// to colour the points of a file alike.
func ClassColor(class int) color.RGBA {
	c := classColor(class)
	return color.RGBA{c[0], c[1], c[2], 255}
}

// classColor returns the colour of a class.
func classColor(class int) rgb {
	if class < 0 {
		return grey
	}
	c := classColors[class%8]
	switch class / 8 % 3 {
	case 1:
		return mix(c, rgb{}, 0.45)
	case 2:
		return mix(c, rgb{255, 255, 255}, 0.5)
	}
	return c
}

// scaleColors are colours whose lightness in Oklab (B. Ottosson, 2020) rises
// evenly from 0.30 to 0.88, while the hue goes from violet over blue and green
// to yellow.
var scaleColors = [9]rgb{
	{49, 25, 105}, {32, 57, 132}, {1, 89, 137}, {6, 116, 140}, {4, 143, 144},
	{10, 172, 137}, {108, 191, 121}, {175, 206, 108}, {241, 220, 80},
}

// scaleColor returns the colour of a value that is t of the way along the
// scale.
func scaleColor(t float64) rgb {
	if math.IsNaN(t) {
		return grey
	}
	t = float64(min(max(t, 0), 1) * float64(len(scaleColors)-1))
	i := min(int(t), len(scaleColors)-2)
	return mix(scaleColors[i], scaleColors[i+1], t-float64(i))
}

// mix returns a colour t of the way from a to b.
func mix(a, b rgb, t float64) rgb {
	for k := range a {
		a[k] = uint8(math.Round(float64(a[k]) + float64(t*(float64(b[k])-float64(a[k])))))
	}
	return a
}
