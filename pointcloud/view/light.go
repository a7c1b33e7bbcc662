package view

import (
	"image"

	"setwise/internal/elementary"
	"setwise/internal/parallel"
)

// light is the direction that light comes from, in the camera's axes.
var light = normal([3]float64{-0.4, 0.6, 1})

// The light from everywhere, and the most that light from there adds.
const (
	ambient = 0.62
	diffuse = 0.44
)

// lit returns how bright a surface is whose normal, in the camera's axes, points
// to the eye's side (J. H. Lambert's law).
func lit(n [3]float64) float64 { return ambient + float64(diffuse*max(0, dot3(n, light))) }

// shade returns a colour made darker, or a little lighter.
func shade(c rgb, by float64) rgb {
	for k, x := range c {
		c[k] = uint8(min(float64(x)*by, 255))
	}
	return c
}

// haze is how far what is farthest away is faded to white.
const haze = 0.25

// After eye-dome lighting (C. Boucheny, 2009), what lies deeper than its
// neighbours in the picture is darker, so edges and hollows are seen without any
// normals. Here neighbours count in opposite pairs, so that a plane is not
// darker for leaning back:
//
//	shadow = exp(-domeStrength sum over pairs (a, b) of (nearer(a) + nearer(b)) between 0 and domeMost)
//
// Depths are in radii of what is shown; where nothing is, nothing is nearer.
const (
	domeStrength = 1.5
	domeMost     = 0.15
)

// dome lists the way to one of each pair of neighbours, 1.5 pixels away, in
// samples.
var dome = [4][2]int{{3, 0}, {0, 3}, {2, 2}, {2, -2}}

// sample returns the colour that a sample has in the end.
func (r *raster) sample(x, y int, near float64) [3]float64 {
	d := r.at(x, y)
	if d == empty {
		return [3]float64{255, 255, 255}
	}
	nearer := func(x, y int) float32 {
		if n := r.at(x, y); n != empty {
			return n - d
		}
		return 0
	}
	var hidden float32
	for _, n := range dome {
		hidden += min(max(nearer(x+n[0], y+n[1])+nearer(x-n[0], y-n[1]), 0), domeMost)
	}
	shadow := elementary.Exp(-domeStrength * float64(hidden))
	z := float64(d) / (1 + float64(float64(d)*near))
	fade := float64(haze * max(1-z, 0) / 2)
	var out [3]float64
	for k, c := range r.color[y*r.width+x] {
		out[k] = float64(float64(c)*shadow*(1-fade)) + float64(255*fade)
	}
	return out
}

// paint puts what was drawn into a picture at a place, a pixel being the mean
// of its samples.
func (r *raster) paint(img *image.RGBA, at image.Point, near float64) {
	parallel.Range(r.height/samples, 16, func(lo, hi int) {
		for y := lo; y < hi; y++ {
			for x := range r.width / samples {
				var sum [3]float64
				for s := range samples * samples {
					for k, c := range r.sample(x*samples+s%samples, y*samples+s/samples, near) {
						sum[k] += c
					}
				}
				pixel := img.Pix[img.PixOffset(at.X+x, at.Y+y):]
				for k, c := range sum {
					pixel[k] = uint8(float64(c/(samples*samples)) + 0.5)
				}
			}
		}
	})
}
