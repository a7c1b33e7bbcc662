package view

import (
	"math"

	"setwise/internal/elementary"
)

// samples is the number of samples along each side of a pixel.
const samples = 2

// A raster holds, for each sample of a panel, the colour and the depth of the
// nearest thing there.
type raster struct {
	width, height int
	color         []rgb
	depth         []float32 // or empty
}

// empty is the depth where nothing is.
var empty = float32(math.Inf(-1))

func newRaster(width, height int) *raster {
	r := &raster{width: width, height: height, color: make([]rgb, width*height), depth: make([]float32, width*height)}
	for i := range r.depth {
		r.depth[i] = empty
	}
	return r
}

// at returns the depth of a sample, which is empty outside.
func (r *raster) at(x, y int) float32 {
	if x < 0 || y < 0 || x >= r.width || y >= r.height {
		return empty
	}
	return r.depth[y*r.width+x]
}

// A window takes what a camera sees to samples.
type window struct {
	camera
	x, y, scale float64 // sample = x + scale right, y - scale up
	radius      float64 // of a dot in the middle, in samples
}

// dotRadius returns the radius of n dots in pixels, unless it is given: smaller
// for more, so that in few points each is seen and many close to a surface.
func dotRadius(o Options, n int) float64 {
	if o.Radius > 0 {
		return o.Radius
	}
	side := float64(min(o.Width, o.Height))
	return min(max(0.23*side/elementary.Pow(float64(n), 0.4), 0.7), side/50)
}

// newWindow returns the window in which all of a panel is seen, and as large as
// can be.
func newWindow(o Options, p panel) window {
	w := window{camera: newCamera(o)}
	inf := math.Inf(1)
	loX, hiX, loY, hiY := inf, -inf, inf, -inf
	see := func(at [3]float32) {
		x, y, _, _ := w.project(at)
		loX, hiX, loY, hiY = min(loX, x), max(hiX, x), min(loY, y), max(hiY, y)
	}
	for _, d := range p.dots {
		see(d.at)
	}
	for _, f := range p.facets {
		see(f.corners[0])
		see(f.corners[1])
		see(f.corners[2])
	}
	width, height := float64(o.Width*samples), float64(o.Height*samples)
	side := min(width, height)
	edge := float64(0.04 * side)
	if len(p.dots) > 0 {
		w.radius = float64(dotRadius(o, len(p.dots)) * samples)
		edge = min(edge+w.radius, float64(0.4*side))
	}
	// A line seen along its length is not blown up beyond four times.
	w.scale = min((width-2*edge)/max(hiX-loX, 0.5), (height-2*edge)/max(hiY-loY, 0.5))
	w.x = float64(width/2) - float64(w.scale*(loX+hiX)/2)
	w.y = float64(height/2) + float64(w.scale*(loY+hiY)/2)
	return w
}

// draw returns a panel as it is seen.
func (p panel) draw(o Options) *raster {
	r := newRaster(o.Width*samples, o.Height*samples)
	if len(p.dots)+len(p.facets) == 0 {
		return r
	}
	w := newWindow(o, p)
	for _, f := range p.facets {
		r.facet(w, f)
	}
	for _, d := range p.dots {
		r.dot(w, d)
	}
	return r
}

// dot draws a ball. If it has a normal, it is as bright as the surface that the
// point is on.
func (r *raster) dot(w window, d dot) {
	px, py, larger, _ := w.project(d.at)
	cx, cy, radius := w.x+float64(w.scale*px), w.y-float64(w.scale*py), float64(w.radius*larger)
	z, deep := dot3(wide(d.at), w.back), w.radius/w.scale
	surface, known := 0.0, d.normal != [3]float32{}
	if known {
		surface = lit(w.towards(wide(d.normal)))
	}
	y0, y1 := span(cy, radius, r.height)
	x0, x1 := span(cx, radius, r.width)
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			u, v := (float64(x)+0.5-cx)/radius, (cy-float64(y)-0.5)/radius
			rest := 1 - float64(u*u) - float64(v*v)
			if x0 == x1 && y0 == y1 {
				u, v, rest = 0, 0, 1 // at least one sample is of the dot
			}
			if rest < 0 {
				continue
			}
			up := math.Sqrt(rest)
			zz := z + float64(deep*up)
			depth := float32(zz / (1 - float64(zz*w.near)))
			i := y*r.width + x
			if depth <= r.depth[i] {
				continue
			}
			bright := surface * (0.8 + float64(0.2*up))
			if !known {
				bright = lit([3]float64{u, v, up})
			}
			r.depth[i], r.color[i] = depth, shade(d.color, bright)
		}
	}
}

// span returns the first and the last of n samples within a radius of a place,
// or the one sample that it is in.
func span(at, radius float64, n int) (first, last int) {
	first, last = int(math.Ceil(at-radius-0.5)), int(math.Floor(at+radius-0.5))
	if first > last {
		first = int(math.Floor(at))
		last = first
	}
	return max(first, 0), min(last, n-1)
}

// facet draws a triangle.
func (r *raster) facet(w window, f facet) {
	var x, y, depth [3]float64
	for k, at := range f.corners {
		px, py, _, d := w.project(at)
		// On a fine grid the products below are exact, so no sample falls
		// between faces that meet.
		x[k], y[k], depth[k] = grid(w.x+float64(w.scale*px)), grid(w.y-float64(w.scale*py)), d
	}
	area := across(x[1]-x[0], y[1]-y[0], x[2]-x[0], y[2]-y[0])
	if area == 0 {
		return
	}
	a, b, c := wide(f.corners[0]), wide(f.corners[1]), wide(f.corners[2])
	color := shade(f.color, lit(w.towards(normal(cross(plus(b, a, -1), plus(c, a, -1))))))
	y0, y1 := max(int(min(y[0], y[1], y[2])), 0), min(int(max(y[0], y[1], y[2])), r.height-1)
	x0, x1 := max(int(min(x[0], x[1], x[2])), 0), min(int(max(x[0], x[1], x[2])), r.width-1)
	for row := y0; row <= y1; row++ {
		sy := float64(row) + 0.5
		for column := x0; column <= x1; column++ {
			sx := float64(column) + 0.5
			// The shares of the corners are the areas across from them.
			u := across(x[1]-sx, y[1]-sy, x[2]-sx, y[2]-sy) / area
			v := across(x[2]-sx, y[2]-sy, x[0]-sx, y[0]-sy) / area
			t := across(x[0]-sx, y[0]-sy, x[1]-sx, y[1]-sy) / area
			if u < 0 || v < 0 || t < 0 {
				continue
			}
			d := float32(dot3([3]float64{u, v, t}, depth))
			if i := row*r.width + column; d > r.depth[i] {
				r.depth[i], r.color[i] = d, color
			}
		}
	}
}

// across returns the area between two arrows, (x, y) and (a, b), negative if
// the second is to the right of the first.
func across(x, y, a, b float64) float64 { return float64(x*b) - float64(a*y) }

// grid rounds to 1/256 of a sample.
func grid(x float64) float64 { return math.Round(x*256) / 256 }
