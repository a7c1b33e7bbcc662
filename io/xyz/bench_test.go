package xyz

import (
	"io"
	"math"
	"math/rand/v2"
	"testing"

	"setwise/io/internal/formattest"
	"setwise/pointcloud"
)

// ball returns n points in the unit ball, with their directions as normals.
func ball(n int) pointcloud.Cloud {
	rng := rand.New(rand.NewPCG(1, 2))
	c := pointcloud.Cloud{Points: make([][3]float32, n), Normals: make([][3]float32, n)}
	for i := range c.Points {
		var length float64
		var v [3]float64
		for length == 0 || length > 1 {
			for k := range v {
				v[k] = 2*rng.Float64() - 1
			}
			length = math.Sqrt(v[0]*v[0] + v[1]*v[1] + v[2]*v[2])
		}
		for k, x := range v {
			c.Points[i][k], c.Normals[i][k] = float32(x), float32(x/length)
		}
	}
	return c
}

func writing(c pointcloud.Cloud, o Options) func(io.Writer) error {
	return func(w io.Writer) error { return Write(w, c, o) }
}

func encoded(tb testing.TB, c pointcloud.Cloud, o Options) []byte {
	return formattest.Bytes(tb, writing(c, o))
}

type form struct {
	name    string
	cloud   pointcloud.Cloud
	options Options
}

// forms are ways to write a cloud.
func forms(n int) []form {
	c := ball(n)
	return []form{
		{"points", pointcloud.Cloud{Points: c.Points}, Options{}},
		{"normals", c, Options{}},
		{"csv", c, Options{CSV: true}},
	}
}

func BenchmarkRead(b *testing.B) {
	for _, c := range forms(100_000) {
		b.Run(c.name, func(b *testing.B) {
			formattest.BenchmarkRead(b, encoded(b, c.cloud, c.options), func(r io.Reader) error { _, err := Read(r, Limits{}); return err })
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, c := range forms(100_000) {
		b.Run(c.name, func(b *testing.B) { formattest.BenchmarkWrite(b, writing(c.cloud, c.options)) })
	}
}
