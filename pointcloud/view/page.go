package view

import (
	"cmp"
	_ "embed" // for the page and its program
	"encoding/binary"
	"html/template"
	"io"
	"math"
)

var (
	//go:embed page.html
	pageText string
	//go:embed page.js
	program string

	pageTemplate = template.Must(template.New("page").Parse(pageText))
)

// HTML writes a page that shows the items side by side and turns with the
// mouse: see the package comment. What is wrong with them or with the options
// is an error.
func HTML(w io.Writer, o Options, items ...Item) error {
	if o.Pairs && o.Columns == 0 {
		o.Columns = min(max(len(items)/2, 1), 2)
	}
	s, err := newScene(o, items)
	if err != nil {
		return err
	}
	p := page{
		Title: cmp.Or(s.Title, items[0].Title, "View"), Heading: s.Title, Columns: s.Columns,
		Pairs: s.Pairs, Marks: s.legend.marks(s.ClassNames), Scale: scaleColors[:], Scene: s.web(), Program: template.JS(program),
	}
	if s.legend.values {
		p.ValueName = s.ValueName
		p.Low, p.High = s.ends()
	}
	for n, rest := s.together(), s.panels; len(rest) > 0; rest = rest[n:] {
		g := group{Key: rest[n-1].key}
		for _, panel := range rest[:n] {
			g.Panels = append(g.Panels, caption{panel.title, panel.note})
		}
		p.Groups = append(p.Groups, g)
	}
	return pageTemplate.Execute(w, p)
}

// A page is what page.html is filled with.
type page struct {
	Title, Heading string
	Columns        int
	Pairs          bool
	Groups         []group
	Marks          []mark
	Scale          []rgb
	ValueName      string
	Low, High      string // ends of the scale; empty without
	Scene          webScene
	Program        template.JS
}

// A group is what is shown as one: a panel or two.
type group struct {
	Panels []caption
	Key    []mark // the legend of its own
}

type caption struct{ Title, Note string }

// A webScene is what page.js draws.
type webScene struct {
	Axes                         [3][3]float64 // right, up and back to the eye, at the front
	Yaw, Pitch, Near, Fill       float64
	Ambient, Diffuse             float64
	Light                        [3]float64
	Haze, DomeStrength, DomeMost float64
	Dome                         [4][2]int
	Panels                       []webPanel
}

// A webPanel holds what a panel shows.
type webPanel struct {
	Own          bool    // colours are shown as they are, whatever is behind them
	Radius       float64 // of dots, that of what is shown being 1
	Dots, Facets webArrays
}

// webArrays are numbers as graphics cards take them, which JSON writes in
// base64. Positions go from -1 at 0 to 1 at 65535, two bytes each with the lower
// first; normals from -1 at -127 to 1 at 127, and there are none if none is
// known.
type webArrays struct {
	Count             int
	At, Normal, Color []byte
}

func (s *scene) web() webScene {
	front := upright(s.Up)
	yaw, pitch := front.angles(s.From)
	w := webScene{
		Axes: [3][3]float64{front.right, front.up, front.back}, Yaw: yaw, Pitch: pitch, Near: newCamera(s.Options).near, Fill: pageFill,
		Ambient: ambient, Diffuse: diffuse, Light: light, Haze: haze, DomeStrength: domeStrength, DomeMost: domeMost, Dome: dome,
	}
	for _, p := range s.panels {
		w.Panels = append(w.Panels, p.web(s.Options))
	}
	return w
}

func (p panel) web(o Options) webPanel {
	w := webPanel{Own: p.own, Dots: webArrays{Count: len(p.dots)}, Facets: webArrays{Count: len(p.facets)}}
	known := false
	for _, d := range p.dots {
		known = known || d.normal != [3]float32{}
	}
	d := &w.Dots
	for _, dot := range p.dots {
		d.At = appendPlace(d.At, dot.at)
		d.Color = append(d.Color, dot.color[:]...)
		if known {
			for _, x := range dot.normal {
				d.Normal = append(d.Normal, byte(int8(math.Round(float64(x)*127))))
			}
		}
	}
	f := &w.Facets
	for _, facet := range p.facets {
		for _, at := range facet.corners {
			f.At = appendPlace(f.At, at)
		}
		f.Color = append(f.Color, facet.color[:]...)
	}
	if len(p.dots) > 0 {
		w.Radius = dotRadius(o, len(p.dots)) / (pageFill * float64(min(o.Width, o.Height)))
	}
	return w
}

// pageFill is the radius of what is shown, of the shorter side of a panel, on a
// page that has not been enlarged.
const pageFill = 0.46

// appendPlace appends coordinates from -1 to 1.
func appendPlace(b []byte, at [3]float32) []byte {
	for _, x := range at {
		b = binary.LittleEndian.AppendUint16(b, uint16(math.Round((float64(x)+1)/2*65535)))
	}
	return b
}
