package ply

import (
	"bytes"
	"fmt"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
)

// FuzzPLY holds that no bytes make the reader panic, that what it accepts does
// not depend on how the bytes arrive, that mesh, cloud and file agree and are
// valid, and that writing and reading gives the same file, bit for bit.
func FuzzPLY(f *testing.F) {
	strips := mixed(5)
	strips.Elements = append(strips.Elements, Element{"tristrips", 1, []Property{{"vertex_index", []int8{0, 1, 2, -1, 2, 1, 0, 4}, []int{0, 8}}}})
	strips.Elements[0].Properties[3] = Property{"nx", make([]float32, 5), nil}
	strips.SetColors(nil)
	for format := range Format(len(formats)) {
		strips.Format = format
		strips.Elements[1].Properties = strips.Elements[1].Properties[:3]
		f.Add(encoded(f, strips))
	}
	for _, seed := range [][]byte{
		[]byte(square),
		[]byte("PLY\r\nformat ascii 1.0\r\nobj_info x\r\nelement vertex 1\r\nproperty list float double nx\r\nproperty uchar x\r\nproperty double y\r\nproperty ushort z\r\nend_header\r\n2 nan 1e300 255.0 -inf 3e2"),
		[]byte("ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty double y\nproperty int z\nend_header\n694386.212 5155487.512 16777217\n694386.262 5155487.562 16777219"),
		binaryFile(BigEndian, "element a 2\nproperty list uint char x\nproperty list double short y\n", uint32(0), 1., int16(7), uint32(3), []byte("abc"), 0.),
		binaryFile(LittleEndian, vertices+faces, make([]float32, 12), uint8(3), []int32{0, 1, 2}, uint8('\n')),
		formattest.Zipped(f, []byte(square)),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{Points: 1000, Faces: 1000}
		file, err := ReadAll(bytes.NewReader(data), limits)
		streamed, errStreamed := ReadAll(iotest.OneByteReader(bytes.NewReader(data)), limits)
		m, errMesh := Read(bytes.NewReader(data), limits)
		c, errCloud := ReadCloud(bytes.NewReader(data), limits)
		if err != nil {
			require.Error(t, errStreamed)
			require.Error(t, errMesh)
			require.Error(t, errCloud)
			return
		}
		require.NoError(t, errStreamed)
		same(t, file, streamed)
		mesh, err := file.Mesh()
		if errMesh == nil {
			require.NoError(t, err)
			if file.Format != Text || m.Origin == mesh.Origin { // a File has float as float32
				require.Equal(t, m, mesh)
			}
			require.NoError(t, m.Validate())
			require.LessOrEqual(t, len(m.Faces), 1000)
		}
		cloud, err := file.Cloud()
		require.Equal(t, errCloud, err)
		if file.Format != Text || c.Origin == cloud.Origin {
			require.Equal(t, c, cloud)
		}
		require.NoError(t, c.Validate())
		file.Colors()
		for _, file.Format = range []Format{file.Format, LittleEndian, BigEndian, Text} {
			again, err := ReadAll(bytes.NewReader(encoded(t, file)), limits)
			require.NoError(t, err)
			same(t, file, again)
		}
	})
}

// same holds two files to the same numbers, one NaN like the other.
func same(t *testing.T, want, got *File) {
	require.Equal(t, len(want.Elements), len(got.Elements))
	for i, e := range want.Elements {
		g := got.Elements[i]
		require.Equal(t, e.Name, g.Name)
		require.Equal(t, e.Rows, g.Rows)
		require.Equal(t, len(e.Properties), len(g.Properties))
		for k, p := range e.Properties {
			q := g.Properties[k]
			require.Equal(t, p.Name, q.Name)
			require.Equal(t, p.Offsets, q.Offsets)
			require.IsType(t, p.Values, q.Values)
			require.Equal(t, fmt.Sprint(p.Values), fmt.Sprint(q.Values))
		}
	}
	require.Equal(t, want.Format, got.Format)
	require.Equal(t, want.Comments, got.Comments)
	require.Equal(t, want.Info, got.Info)
}
