package view

import (
	"image"
	"image/color"
	"image/draw"
	"strings"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

var (
	ink   = color.Gray{50}
	faint = color.Gray{107}
)

// A pen writes into pictures.
type pen struct{ small, medium, large font.Face }

func newPen() (*pen, error) {
	f, err := opentype.Parse(liberationsansregular.TTF)
	if err != nil {
		return nil, err
	}
	p := &pen{}
	for _, s := range []struct {
		face *font.Face
		size float64 // in pixels
	}{{&p.small, 13}, {&p.medium, 16}, {&p.large, 21}} {
		if *s.face, err = opentype.NewFace(f, &opentype.FaceOptions{Size: s.size, DPI: 72}); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// fit returns s on one line that is at most so wide, cut off with dots if it
// has to be, and its width.
func fit(f font.Face, s string, width int) (string, int) {
	const longest = 1000 // characters that are looked at
	most, dots := fixed.I(width), font.MeasureString(f, "…")
	var line strings.Builder
	cut, n := 0, 0 // where there is still room for the dots
	var w, cutWidth fixed.Int26_6
	for _, r := range s {
		if !unicode.IsPrint(r) {
			r = ' '
		}
		a, _ := f.GlyphAdvance(r)
		w, n = w+a, n+1
		if w > most || n > longest {
			if w = cutWidth + dots; w > most {
				return "", 0
			}
			return line.String()[:cut] + "…", w.Ceil()
		}
		line.WriteRune(r)
		if w+dots <= most {
			cut, cutWidth = line.Len(), w
		}
	}
	return line.String(), w.Ceil()
}

// fold breaks s at its spaces into lines that are at most so wide, and so many at
// most: the last one is cut off, and so are words that are too long for a line.
func fold(f font.Face, s string, width, most int) []string {
	var lines []string
	for words := strings.Fields(s); len(words) > 0; {
		n := 1
		for n < len(words) && font.MeasureString(f, strings.Join(words[:n+1], " ")) <= fixed.I(width) {
			n++
		}
		if len(lines) == most-1 {
			n = len(words)
		}
		line, _ := fit(f, strings.Join(words[:n], " "), width)
		lines, words = append(lines, line), words[n:]
	}
	return lines
}

// write writes a line that starts at x and stands on y.
func (p *pen) write(img draw.Image, s string, f font.Face, c color.Color, x, y int) {
	d := font.Drawer{Dst: img, Src: image.NewUniform(c), Face: f, Dot: fixed.P(x, y)}
	d.DrawString(s)
}

// center writes lines about x, the last of which stands on y.
func (p *pen) center(img draw.Image, lines []string, f font.Face, c color.Color, x, y int) {
	for i, s := range lines {
		above := (len(lines) - 1 - i) * f.Metrics().Height.Ceil()
		p.write(img, s, f, c, x-font.MeasureString(f, s).Ceil()/2, y-above)
	}
}

// Measures of the legend, in pixels.
const (
	swatch  = 12  // the side of a patch of colour
	gap     = 6   // between it and words
	apart   = 18  // between marks
	longBar = 240 // the length of the scale, if there is room
)

// A label is a mark with room for its words.
type label struct {
	mark
	text  string
	width int
}

// wrap lays marks out in rows.
func (p *pen) wrap(marks []mark, width int) [][]label {
	var rows [][]label
	used := width
	for _, m := range marks {
		l := label{mark: m}
		if m.Color != nil {
			l.width = swatch + gap
		}
		var n int
		l.text, n = fit(p.small, m.Text, width-l.width)
		l.width += n
		if used += apart + l.width; used > width {
			rows, used = append(rows, nil), l.width
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], l)
	}
	return rows
}

// marks draws a row of a legend about x.
func (p *pen) marks(img draw.Image, row []label, x, y int) {
	width := -apart
	for _, l := range row {
		width += l.width + apart
	}
	x -= width / 2
	for _, l := range row {
		at := x
		if l.Color != nil {
			fill(img, image.Rect(x, y+5, x+swatch, y+5+swatch), *l.Color)
			at += swatch + gap
		}
		p.write(img, l.text, p.small, ink, at, y+16)
		x += l.width + apart
	}
}

// scale draws the scale of values, centred.
func (p *pen) scale(img draw.Image, s *scene, y int) {
	width := img.Bounds().Dx()
	low, high := s.ends()
	bar := min(longBar, width/2)
	low, n := fit(p.small, low, (width-bar)/2-gap)
	high, m := fit(p.small, high, (width-bar)/2-gap)
	x := (width - n - bar - m - 2*gap) / 2
	p.write(img, low, p.small, ink, x, y+16)
	x += n + gap
	for i := range bar {
		fill(img, image.Rect(x+i, y+5, x+i+1, y+5+swatch), scaleColor(float64(i)/float64(bar-1)))
	}
	p.write(img, high, p.small, ink, x+bar+gap, y+16)
}

func fill(img draw.Image, r image.Rectangle, c rgb) {
	draw.Draw(img, r, image.NewUniform(color.RGBA{c[0], c[1], c[2], 255}), image.Point{}, draw.Src)
}
