package view_test

import (
	"io"
	"math"
	"math/rand/v2"
	"testing"

	"setwise/pointcloud"
	"setwise/pointcloud/view"
)

// ball returns a sphere of about n faces, and as many points of it.
func ball(tb testing.TB, n int) (pointcloud.Mesh, pointcloud.Cloud) {
	tb.Helper()
	rows := int(math.Sqrt(float64(n) / 4))
	columns := 2 * rows
	var m pointcloud.Mesh
	for r := range rows + 1 {
		z, flat := math.Sincos(math.Pi * (float64(r)/float64(rows) - 0.5))
		for c := range columns {
			y, x := math.Sincos(2 * math.Pi * float64(c) / float64(columns))
			m.Vertices = append(m.Vertices, [3]float32{float32(x * flat), float32(y * flat), float32(z)})
		}
	}
	for r := range rows {
		for c := range columns {
			a, b := int32(r*columns+c), int32(r*columns+(c+1)%columns)
			m.Faces = append(m.Faces, [3]int32{a, b, b + int32(columns)}, [3]int32{a, b + int32(columns), a + int32(columns)})
		}
	}
	cloud, err := m.Sample(n, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		tb.Fatal(err)
	}
	return m, cloud
}

func BenchmarkImage(b *testing.B) {
	mesh, cloud := ball(b, 100000)
	bare := pointcloud.Cloud{Points: cloud.Points}
	for _, c := range []struct {
		name string
		item view.Item
	}{{"points=100000", view.Item{Cloud: bare}}, {"normals=100000", view.Item{Cloud: cloud}}, {"faces=100000", view.Item{Mesh: mesh}}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := view.Image(view.Options{}, c.item); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkHTML(b *testing.B) {
	_, cloud := ball(b, 100000)
	b.Run("points=100000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := view.HTML(io.Discard, view.Options{}, view.Item{Cloud: cloud}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
