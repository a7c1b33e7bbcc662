package pcd

import (
	"bytes"
	"image/color"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/internal/filetest"
	"setwise/pointcloud"
)

// wavy returns the vertices of a sheet, with normals.
func wavy(n int) (c pointcloud.Cloud) {
	c.Points, _ = filetest.Wavy(n)
	for _, v := range c.Points {
		c.Normals = append(c.Normals, [3]float32{-v[2], v[1] - v[0], 1})
	}
	return c
}

func encoded(tb testing.TB, f *File) []byte {
	tb.Helper()
	var b bytes.Buffer
	require.NoError(tb, Write(&b, f))
	return b.Bytes()
}

// kinds are files of many points, in several layouts and formats.
func kinds(tb testing.TB) map[string]*File {
	c := wavy(400)
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
		for end, read := range map[string]func() error{
			"": func() error {
				_, err := Read(bytes.NewReader(data), Limits{})
				return err
			},
			",all": func() error {
				_, err := ReadAll(bytes.NewReader(data), Limits{})
				return err
			},
		} {
			b.Run(name+end, func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					if err := read(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
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
