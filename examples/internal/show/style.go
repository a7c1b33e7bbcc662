package show

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

var (
	ink  = color.Gray{50}
	fine = color.Gray{225} // of grids
)

// letters returns the typeface of all pictures at a size, which is the one of
// package view too.
func letters(size vg.Length) font.Font {
	return font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, size)
}

// New returns an empty plot with words above it and at its axes, all of which may
// be empty.
func New(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.Padding = vg.Points(6)
	for _, s := range []struct {
		style *text.Style
		size  vg.Length
	}{
		{&p.Title.TextStyle, 12},
		{&p.X.Label.TextStyle, 11}, {&p.Y.Label.TextStyle, 11},
		{&p.X.Tick.Label, 10}, {&p.Y.Tick.Label, 10},
	} {
		s.style.Font, s.style.Color = letters(s.size), ink
	}
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Color, a.Tick.Color = ink, ink
		a.Tick.Length = vg.Points(4)
		a.Label.Padding = vg.Points(4)
		a.Tick.Marker = Marks{}
		a.Scale = linear{}
	}
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = fine, fine
	p.Add(grid)
	return p
}

// Color returns one of six colours that M. Okabe and K. Ito chose for all kinds of
// colour vision: blue, vermilion, green, orange, purple and sky blue.
func Color(i int) color.RGBA {
	return [...]color.RGBA{
		{0, 114, 178, 255}, {213, 94, 0, 255}, {0, 158, 115, 255}, {230, 159, 0, 255}, {204, 121, 167, 255}, {86, 180, 233, 255},
	}[i%6]
}

// Stroke returns how line i of a plot looks: of its own colour and its own dashes.
func Stroke(i int) draw.LineStyle {
	s := draw.LineStyle{Color: Color(i), Width: vg.Points(1.6)}
	if i > 0 {
		s.Dashes = []vg.Length{vg.Points(float64(2 + 4*(i%3))), vg.Points(2.5)}
	}
	return s
}

// Line draws a line through points, and returns what a key shows of it. Points that
// are not finite break it; one that is alone is a dot.
func Line(p *plot.Plot, style draw.LineStyle, points plotter.XYs) *plotter.Line {
	for len(points) > 0 {
		n := 0
		for n < len(points) && finite(points[n]) {
			n++
		}
		switch n {
		case 0:
			n = 1
		case 1:
			Dots(p, style.Color, 2.5, points[:1])
		default:
			p.Add(&plotter.Line{XYs: points[:n], LineStyle: style})
		}
		points = points[n:]
	}
	return &plotter.Line{LineStyle: style}
}

// Area fills what is between two lines of as many points, without those that are
// not finite, and returns what a key shows of it.
func Area(p *plot.Plot, c color.Color, low, high plotter.XYs) *plotter.Polygon {
	var there, back plotter.XYs
	for i := range low {
		if finite(low[i]) && finite(high[i]) {
			there, back = append(there, low[i]), append(back, high[i])
		}
	}
	slices.Reverse(back)
	area := &plotter.Polygon{XYs: []plotter.XYs{append(there, back...)}, Color: c}
	p.Add(area)
	return area
}

// Dots draws points with a radius in points of type, but not those that are not
// finite, and returns what it draws.
func Dots(p *plot.Plot, c color.Color, radius float64, points plotter.XYs) *plotter.Scatter {
	dots := &plotter.Scatter{GlyphStyle: draw.GlyphStyle{Color: c, Radius: vg.Points(radius), Shape: draw.CircleGlyph{}}}
	for _, xy := range points {
		if finite(xy) {
			dots.XYs = append(dots.XYs, xy)
		}
	}
	p.Add(dots)
	return dots
}

func finite(p plotter.XY) bool {
	return !math.IsNaN(p.X) && !math.IsInf(p.X, 0) && !math.IsNaN(p.Y) && !math.IsInf(p.Y, 0)
}
