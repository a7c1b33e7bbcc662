package main

import (
	"image"
	"image/color"
	"image/png"
	"io"
	"math"

	"setwise/pointcloud"
)

const pictureSide = 640

// drawCloud writes a picture of c seen from above its front corner, each point
// a disc coloured by the rank of its value: dark for the least, yellow for the
// most.
func drawCloud(w io.Writer, c pointcloud.Cloud, value []float64) error {
	view := pointcloud.Rotation([3]float64{1, 0, 0}, -math.Pi/3).Mul(pointcloud.Rotation([3]float64{0, 0, 1}, math.Pi/6))
	c = c.UnitSphere().Transform(view)
	rank := make([]float64, len(value))
	for i, p := range ascending(value) {
		rank[p] = float64(i) / float64(len(value))
	}
	img := image.NewRGBA(image.Rect(0, 0, pictureSide, pictureSide))
	depth := make([]float32, pictureSide*pictureSide)
	for i := range depth {
		depth[i] = float32(math.Inf(-1))
		img.Set(i%pictureSide, i/pictureSide, color.White)
	}
	radius := max(2, int(150/math.Sqrt(float64(c.Len()+1))))
	for i, p := range c.Points {
		x := pictureSide/2 + int(p[0]*pictureSide*0.46)
		y := pictureSide/2 - int(p[1]*pictureSide*0.46)
		shade := ramp(rank[i])
		for dy := -radius; dy <= radius; dy++ {
			for dx := -radius; dx <= radius; dx++ {
				at := image.Pt(x+dx, y+dy)
				if dx*dx+dy*dy > radius*radius || !at.In(img.Rect) || depth[at.Y*pictureSide+at.X] > p[2] {
					continue
				}
				depth[at.Y*pictureSide+at.X] = p[2]
				img.Set(at.X, at.Y, shade)
			}
		}
	}
	return png.Encode(w, img)
}

// ramp returns a colour from dark violet at 0 over red to yellow at 1.
func ramp(v float64) color.Color {
	stops := [][3]float64{{40, 20, 90}, {150, 40, 120}, {225, 90, 60}, {250, 220, 70}}
	v = min(max(v, 0), 1) * float64(len(stops)-1)
	i := min(int(v), len(stops)-2)
	f := v - float64(i)
	var rgb [3]uint8
	for j := range rgb {
		rgb[j] = uint8(stops[i][j]*(1-f) + stops[i+1][j]*f)
	}
	return color.RGBA{rgb[0], rgb[1], rgb[2], 255}
}
