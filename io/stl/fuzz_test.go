package stl

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
)

// FuzzSTL holds that no bytes make the reader panic, that what it accepts does
// not depend on how the bytes arrive, that solids and mesh agree, and that
// writing and reading gives the same mesh, bit for bit, in both forms.
func FuzzSTL(f *testing.F) {
	odd := flat
	odd[0], odd[2], odd[5], odd[7] = 0, 0, -1e30, 1e-40
	for _, seed := range [][]byte{
		[]byte("solid a\n" + facet + "endsolid a\nsolid\n" + facet + "end solid\n"),
		[]byte("\ufeffSOLID\r\nFACET NORMAL NAN 1E0 -.5\rOUTER LOOP VERTEX 1.5 2e-3 -7 VERTEX 0 0 0 VERTEX +1 1. 1\nEND LOOP END FACET ENDSOLID"),
		[]byte("solid\nfacet normal 0 0 0 outer loop vertex 694386.212 5155487.512 381.036 vertex 694386.262 5155487.562 381.036 vertex 0 1e20 -7 endloop endfacet endsolid"),
		binaryFile("solid prefix", 2, flat, odd),
		binaryFile("streamed", 0, flat, odd),
		append(binaryFile("trailing", 1, odd), 1, 2, 3),
		binaryFile("truncated", 3, flat, flat),
		binaryFile("", 0),
		formattest.Zipped(f, binaryFile("compressed", 1, flat)),
		painted("COLOR=abcd", 0, 0x8000),
		painted("", 0, 0x8123),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{Faces: 1000}
		m, err := Read(bytes.NewReader(data), limits)
		solids, errSolids := ReadSolids(bytes.NewReader(data), limits)
		if err != nil {
			require.Error(t, errSolids)
			return
		}
		require.NoError(t, errSolids)
		n := 0
		for _, s := range solids {
			n += len(s.Mesh.Faces)
			require.Contains(t, []int{0, len(s.Mesh.Faces)}, len(s.Colors))
		}
		require.Len(t, m.Faces, n)
		require.Len(t, m.Vertices, 3*n)

		if streamed, err := Read(iotest.OneByteReader(bytes.NewReader(data)), limits); err == nil {
			require.Equal(t, m, streamed)
		} else {
			// Only the size tells this one from text or gzip.
			require.Equal(t, 84+50*n, len(data))
		}
		for _, text := range []bool{false, true} {
			for _, s := range append(solids, Solid{Name: string(data), Mesh: m}) {
				if s.Mesh.Origin != ([3]float64{}) && !text {
					require.Error(t, Write(io.Discard, s.Mesh, Options{}))
					continue
				}
				again, err := Read(bytes.NewReader(encoded(t, s.Mesh, Options{Name: s.Name, Text: text})), limits)
				require.NoError(t, err)
				if s.Mesh.Origin != again.Origin { // which may be rounded the other way
					formattest.SamePlaces(t, s.Mesh.Vertices, s.Mesh.Origin, again.Vertices, again.Origin)
					again.Vertices, again.Origin = s.Mesh.Vertices, s.Mesh.Origin
				}
				require.Equal(t, s.Mesh, again)
			}
		}
	})
}
