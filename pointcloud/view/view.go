// Package view shows clouds and meshes: as a picture from any side, and as a
// page that turns with the mouse.
//
//	err := view.PNG(w, view.Options{}, view.Item{Cloud: cloud})
//	err = view.HTML(w, view.Options{}, view.Item{Cloud: cloud})
//
// An [Item] is one thing to see; several are shown side by side, each fitted to
// a panel of its own. Points are little balls, faces are flat triangles that
// look the same from both sides; nearer ones hide farther ones. Their colours
// say what one wants to know:
//
//	view.Item{Title: "labels", Cloud: cloud, Classes: parts}     // a colour for each class
//	view.Item{Title: "attention", Cloud: cloud, Values: weights} // dark for low, yellow for high
//	view.Item{Title: "scan", Cloud: cloud, Colors: colors}       // their own
//	view.Item{Title: "error", Mesh: mesh, Values: distances}     // of faces, where there are no points
//	view.Item{Title: "sampled", Mesh: mesh, Cloud: cloud}        // points on a grey mesh
//
// The colours of classes are those that M. Okabe and K. Ito chose for all kinds
// of colour vision ("Color universal design", 2008), then darker and lighter
// ones of the same, 24 in all, which then repeat. Values are coloured on a scale
// whose lightness rises evenly, so it can be read in grey too. All panels share
// one scale and one set of classes, with a legend below.
//
// # The page
//
// The page of [HTML] is one file that needs no network and no other files, only
// a browser with WebGL 2. All panels turn together: dragging turns, dragging
// with the right button or with shift moves, the wheel or two fingers zoom, and
// a double click goes back to the beginning. Where the reader asks for dark
// pages it is dark, and all colours are lighter but an item's own. A point takes 12 bytes of the file,
// or 16 with a normal, a face 28; coordinates are kept to 1/65535 of an item's
// size.
//
// # Bad data
//
// Points whose coordinates are not all finite, and faces with such corners, are
// left out, and the panel says how many. The others may be as large as float32
// holds. An item without anything to show is an empty panel; one point, and
// points that are all equal, are in the middle of it. A face without area is not
// seen. A value of NaN and a class below 0 are grey, infinite values have the
// colours of the ends. A normal that is zero or not finite is not known. Counts
// that do not match, corners that do not exist and pictures of more than 2^24
// pixels are errors.
//
// The same items and options give the same bytes.
package view

import (
	"fmt"
	"image/color"

	"setwise/internal/elementary"
	"setwise/pointcloud"
)

// An Item is a cloud, a mesh, or both in one panel. At most one of Values,
// Classes and Colors is given. They have an entry for each point or, in an item
// without points, for each face; a mesh that comes with points is grey.
type Item struct {
	Title string
	Cloud pointcloud.Cloud
	Mesh  pointcloud.Mesh

	Values  []float64    // shown by the scale; NaN is grey
	Classes []int        // shown by a colour each; below 0 is grey
	Colors  []color.RGBA // shown as they are, opaque
}

// Options say how items are shown. The zero Options look from a little to the
// left and above, with z pointing up.
type Options struct {
	Title string // above all panels

	Width, Height int // of a panel, in pixels; 0 means 512. A page fills its window instead.
	Columns       int // of panels; 0 means as many as there are items, 4 at most

	From     [3]float64 // the direction from which one looks; zero means from the front, left and above
	Up       [3]float64 // the direction that points up; zero means z
	Parallel bool       // parallels stay parallel: far things do not look smaller

	Radius float64 // of points, in pixels of such a panel; 0 means by their number

	Range      [2]float64 // values with the first and last colour, and beyond; zero means the least and largest
	RangeNames [2]string  // words for these two, in the legend; empty means the numbers
	ValueName  string     // what values are, in the legend
	ClassNames []string   // in the legend; classes without a name are numbered
}

// mostPixels limits pictures to 64 MB.
const mostPixels = 1 << 24

// complete returns o with defaults in place of zeros, or says what is wrong
// with it.
func (o Options) complete(items int) (Options, error) {
	if items == 0 {
		return o, fmt.Errorf("view: want something to show, got no items")
	}
	for _, n := range []*int{&o.Width, &o.Height} {
		if *n == 0 {
			*n = 512
		}
	}
	if o.Columns == 0 {
		o.Columns = min(items, 4)
	}
	if o.Width < 16 || o.Height < 16 || o.Width > mostPixels/o.Height {
		return o, fmt.Errorf("view: want panels of 16 x 16 to %d pixels, got %d x %d", mostPixels, o.Width, o.Height)
	}
	if o.Columns < 0 {
		return o, fmt.Errorf("view: want 0 columns or more, got %d", o.Columns)
	}
	o.Columns = min(o.Columns, items)
	if most := float64(min(o.Width, o.Height)) / 2; !(o.Radius >= 0 && o.Radius <= most) {
		return o, fmt.Errorf("view: want a radius of points from 0 to %v, got %v", most, o.Radius)
	}
	if r := o.Range; !elementary.Finite(r[0]) || !elementary.Finite(r[1]) || r[0] > r[1] {
		return o, fmt.Errorf("view: want a range of two finite values in order, got %v", r)
	}
	for _, v := range [][3]float64{o.From, o.Up} {
		if !elementary.FiniteVector(v) {
			return o, fmt.Errorf("view: want directions of finite coordinates, got %v", v)
		}
	}
	return o, nil
}

// check reports whether what an item has fits together.
func (it Item) check() error {
	what, n := "points", it.Cloud.Len()
	if n == 0 {
		what, n = "faces", len(it.Mesh.Faces)
	}
	given := 0
	for _, c := range []struct {
		name string
		len  int
		nil  bool
	}{
		{"values", len(it.Values), it.Values == nil},
		{"classes", len(it.Classes), it.Classes == nil},
		{"colours", len(it.Colors), it.Colors == nil},
	} {
		if c.nil {
			continue
		}
		if c.len != n {
			return fmt.Errorf("want %s for all of %d %s, got %d", c.name, n, what, c.len)
		}
		given++
	}
	if given > 1 {
		return fmt.Errorf("want one of values, classes and colours, got %d", given)
	}
	if len(it.Cloud.Normals) > 0 && len(it.Cloud.Normals) != it.Cloud.Len() {
		return fmt.Errorf("want normals for all of %d points, or none, got %d", it.Cloud.Len(), len(it.Cloud.Normals))
	}
	for i, f := range it.Mesh.Faces {
		for _, v := range f {
			if v < 0 || int(v) >= len(it.Mesh.Vertices) {
				return fmt.Errorf("face %d: want corners among %d vertices, got %v", i, len(it.Mesh.Vertices), f)
			}
		}
	}
	return nil
}
