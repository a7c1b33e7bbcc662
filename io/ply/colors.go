package ply

import (
	"image/color"
	"math"

	"setwise/io/internal/colors"
	"setwise/io/internal/column"
)

// Colors returns a colour for each vertex: the properties red, green and blue, or
// diffuse_red, diffuse_green and diffuse_blue, and alpha if there is one. Of type
// uchar they go from 0 to 255, of type ushort from 0 to 65535, of any other from 0
// to 1, or from 0 to 255 if one is 2 or more. What is outside is taken to be at
// the end, and a colour with a number that is not finite is zero. It returns nil
// if no vertex has a colour.
func (f *File) Colors() []color.NRGBA {
	e := f.Element("vertex")
	for _, names := range [][]string{{"red", "green", "blue", "alpha"}, {"diffuse_red", "diffuse_green", "diffuse_blue", "alpha"}} {
		if channels := e.channels(names); len(channels) >= 3 {
			return colorsOf(e.Rows, channels)
		}
	}
	return nil
}

// channels returns the columns of e up to the first that it does not have.
func (e *Element) channels(names []string) (c []column.Column) {
	for _, name := range names {
		p := e.Property(name)
		if p.column() == nil || p.Offsets != nil || p.column().Len() != e.Rows {
			break
		}
		c = append(c, p.column())
	}
	return c
}

// colorsOf returns n colours of three or four channels.
func colorsOf(n int, channels []column.Column) []color.NRGBA {
	numbers := make([][]float32, len(channels))
	for k, c := range channels {
		numbers[k] = c.Float32s()
		full := float32(1) // of the types of which it is known, to go from 0 to 1
		switch c.Type() {
		case column.Uint8:
			full = math.MaxUint8
		case column.Uint16:
			full = math.MaxUint16
		}
		for i := range numbers[k] {
			numbers[k][i] /= full
		}
	}
	var l colors.List
	v := make([]float32, len(channels))
	for i := range n {
		for k := range v {
			v[k] = numbers[k][i]
		}
		l.Set(i, v)
	}
	return l.Colors(n)
}

// SetColors gives the vertices the properties red, green, blue and alpha, from 0
// to 255. It does nothing to a file without an element vertex. [Write] refuses
// other numbers of colours than of vertices.
func (f *File) SetColors(colors []color.NRGBA) {
	e := f.Element("vertex")
	if e == nil {
		return
	}
	var channels [4][]uint8
	for k := range channels {
		channels[k] = make([]uint8, len(colors))
	}
	for i, c := range colors {
		channels[0][i], channels[1][i], channels[2][i], channels[3][i] = c.R, c.G, c.B, c.A
	}
	for k, name := range [...]string{"red", "green", "blue", "alpha"} {
		e.Set(name, channels[k])
	}
}
