package ply

import (
	"bytes"
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// wavy returns a sheet of n*n points with normals and coordinates of many digits,
// and the 2*(n-1)*(n-1) triangles between them.
func wavy(n int) (pointcloud.Cloud, pointcloud.Mesh) {
	var c pointcloud.Cloud
	var m pointcloud.Mesh
	for i := range n {
		for j := range n {
			x, y := float64(i)/float64(n), float64(j)/float64(n)
			z := math.Sin(7*x) * math.Cos(5*y)
			c.Points = append(c.Points, [3]float32{float32(x), float32(y), float32(z)})
			c.Normals = append(c.Normals, [3]float32{float32(-z), float32(y - x), 1})
			if i > 0 && j > 0 {
				a := int32(i*n + j)
				m.Faces = append(m.Faces, [3]int32{a - int32(n) - 1, a - 1, a}, [3]int32{a - int32(n) - 1, a, a - int32(n)})
			}
		}
	}
	m.Vertices = c.Points
	return c, m
}

func encoded(tb testing.TB, f *File) []byte {
	tb.Helper()
	var b bytes.Buffer
	require.NoError(tb, Write(&b, f))
	return b.Bytes()
}

// kinds are files of many points, in several layouts and formats.
func kinds(tb testing.TB) map[string]*File {
	c, m := wavy(400)
	bare, err := OfCloud(pointcloud.Cloud{Points: c.Points})
	require.NoError(tb, err)
	full, err := OfCloud(c)
	require.NoError(tb, err)
	full.SetColors(make([]color.NRGBA, len(c.Points)))
	mesh, err := OfMesh(m)
	require.NoError(tb, err)
	kinds := map[string]*File{"cloud": bare, "normals,colours": full, "mesh": mesh}
	for name, f := range map[string]*File{"cloud": bare, "mesh": mesh} {
		text, big := *f, *f
		text.Format, big.Format = Text, BigEndian
		kinds[name+",text"], kinds[name+",big"] = &text, &big
	}
	return kinds
}

func BenchmarkRead(b *testing.B) {
	for name, f := range kinds(b) {
		data := encoded(b, f)
		read := func(b *testing.B, read func() error) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if err := read(); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.Run(name, func(b *testing.B) {
			read(b, func() (err error) {
				if len(f.Elements) == 1 {
					_, err = ReadCloud(bytes.NewReader(data), Limits{})
				} else {
					_, err = Read(bytes.NewReader(data), Limits{})
				}
				return err
			})
		})
		b.Run(name+"/all", func(b *testing.B) {
			read(b, func() error {
				_, err := ReadAll(bytes.NewReader(data), Limits{})
				return err
			})
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	for name, f := range kinds(b) {
		b.Run(name, func(b *testing.B) {
			var out bytes.Buffer
			out.Grow(len(encoded(b, f)))
			b.SetBytes(int64(out.Available()))
			for b.Loop() {
				out.Reset()
				if err := Write(&out, f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
