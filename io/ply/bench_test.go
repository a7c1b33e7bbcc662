package ply

import (
	"image/color"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/pointcloud"
)

func writing(f *File) func(io.Writer) error { return func(w io.Writer) error { return Write(w, f) } }

func encoded(tb testing.TB, f *File) []byte { return formattest.Bytes(tb, writing(f)) }

// kinds are files of many points, in several layouts and formats.
func kinds(tb testing.TB) map[string]*File {
	c, m := formattest.Cloud(400), formattest.Mesh(400)
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
		b.Run(name, func(b *testing.B) {
			formattest.BenchmarkRead(b, data, func(r io.Reader) (err error) {
				if len(f.Elements) == 1 {
					_, err = ReadCloud(r, Limits{})
				} else {
					_, err = Read(r, Limits{})
				}
				return err
			})
		})
		b.Run(name+",all", func(b *testing.B) {
			formattest.BenchmarkRead(b, data, func(r io.Reader) error { _, err := ReadAll(r, Limits{}); return err })
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	for name, f := range kinds(b) {
		b.Run(name, func(b *testing.B) { formattest.BenchmarkWrite(b, writing(f)) })
	}
}
