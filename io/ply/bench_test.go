package ply

import (
	"bytes"
	"image/color"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/internal/filetest"
	"setwise/pointcloud"
)

// wavy returns a sheet of triangles, and its vertices with normals.
func wavy(n int) (pointcloud.Cloud, pointcloud.Mesh) {
	vertices, faces := filetest.Wavy(n)
	c := pointcloud.Cloud{Points: vertices}
	for _, v := range vertices {
		c.Normals = append(c.Normals, [3]float32{-v[2], v[1] - v[0], 1})
	}
	return c, pointcloud.Mesh{Vertices: vertices, Faces: faces}
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
		b.Run(name+",all", func(b *testing.B) {
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
