package stl

import (
	"bytes"
	"encoding/binary"
	"image/color"
)

var colorMark = []byte("COLOR=")

// partColor returns the colour of the whole part that Materialise's programs
// put in the header of a binary file, after "COLOR=", and where that begins; -1
// if there is none.
func partColor(header []byte) (c color.NRGBA, at int) {
	at = bytes.Index(header, colorMark)
	if at < 0 || len(header) < at+len(colorMark)+4 {
		return c, -1
	}
	b := header[at+len(colorMark):]
	return color.NRGBA{R: b[0], G: b[1], B: b[2], A: b[3]}, at
}

// A palette collects the colours of the triangles of a binary file, which are
// in the two bytes of attributes.
type palette struct {
	part        color.NRGBA
	materialise bool
	n           int           // triangles seen
	colors      []color.NRGBA // of all of them, or nil if none has one so far
}

// open looks at the header.
func (p *palette) open(header []byte) {
	part, at := partColor(header)
	p.part, p.materialise = part, at >= 0
}

// add looks at whole triangles.
func (p *palette) add(block []byte) {
	for ; len(block) >= triangleSize; block = block[triangleSize:] {
		c := p.color(binary.LittleEndian.Uint16(block[triangleSize-2:]))
		if p.colors == nil && c != (color.NRGBA{}) {
			p.colors = make([]color.NRGBA, p.n)
		}
		if p.colors != nil {
			p.colors = append(p.colors, c)
		}
		p.n++
	}
}

// color returns what attributes say. Bits 0 to 4, 5 to 9 and 10 to 14 are blue,
// green and red if bit 15 is set; but in files of Materialise red, green and blue
// if it is not, and the colour of the part if it is.
func (p *palette) color(attributes uint16) color.NRGBA {
	c := color.NRGBA{R: eight(attributes >> 10), G: eight(attributes >> 5), B: eight(attributes), A: 255}
	switch set := attributes>>15 == 1; {
	case p.materialise && set:
		return p.part
	case p.materialise:
		c.R, c.B = c.B, c.R
	case !set:
		return color.NRGBA{}
	}
	return c
}

// eight makes a byte of the lowest five bits.
func eight(bits uint16) uint8 {
	bits &= 31
	return uint8(bits<<3 | bits>>2)
}
