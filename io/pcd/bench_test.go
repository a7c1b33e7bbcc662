package pcd

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
	c := formattest.Cloud(400)
	kinds := map[string]*File{}
	for format := range Format(len(formats)) {
		f, err := OfCloud(pointcloud.Cloud{Points: c.Points})
		require.NoError(tb, err)
		f.Format = format
		kinds[format.String()] = f
		f, err = OfCloud(c)
		require.NoError(tb, err)
		f.Format = format
		f.SetColors(make([]color.NRGBA, len(c.Points)))
		kinds[format.String()+",normals,colours"] = f
	}
	return kinds
}

func BenchmarkRead(b *testing.B) {
	for name, f := range kinds(b) {
		data := encoded(b, f)
		b.Run(name, func(b *testing.B) {
			formattest.BenchmarkRead(b, data, func(r io.Reader) error { _, err := Read(r, Limits{}); return err })
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
