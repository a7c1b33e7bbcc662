package obj

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
)

// FuzzOBJ holds that no bytes make the reader panic, that what it accepts does
// not depend on how the bytes arrive and is valid, and that writing and reading
// gives the same object, bit for bit.
func FuzzOBJ(f *testing.F) {
	for _, seed := range [][]byte{
		[]byte(square),
		[]byte("v 0 0 0 .1 .2 .3\r\nv 1e-40 -0 +.5e1 nan 1 1\rv 1 1 1e38 1 0 0 0\nf 1 2 3 -1 # grown"),
		[]byte("vn 1 0 0\nvn 0 nan 1\nv 0 0 0\nv 1 0 0\nv 1 1 0\nf 1//1 2//2 3//1\nf 1//1 -2/9/2 \\\n3//-2"),
		[]byte("vn 1 0 0\nv 0 0 0\nv 1 0 0\nv 1 1 0\nf 1//1 2//1 3//1\nvn 0 0 1\nf 1//-1 2//2 2//2\n"),
		[]byte("v 694386.212 5155487.512 381.036\nv 694386.262 5155487.562 381.036\nv -7 1e20 0\nf 1 2 3\n"),
		[]byte("mtllib a\ng f 1\nv 1 1 1 5\nvn 0 0 1\nl 1\n"),
		formattest.Zipped(f, []byte(square)),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{Points: 1000, Faces: 1000}
		o, err := formattest.Streams(t, data, func(r io.Reader) (Object, error) { return ReadObject(r, limits) })
		if err != nil {
			require.Zero(t, o)
			return
		}
		require.LessOrEqual(t, len(o.Mesh.Vertices), 1000)
		require.LessOrEqual(t, len(o.Mesh.Faces), 1000)
		again, err := ReadObject(bytes.NewReader(encoded(t, o)), limits)
		require.NoError(t, err)
		if o.Mesh.Origin != again.Mesh.Origin { // which may be rounded the other way
			formattest.SamePlaces(t, o.Mesh.Vertices, o.Mesh.Origin, again.Mesh.Vertices, again.Mesh.Origin)
			again.Mesh.Vertices, again.Mesh.Origin = o.Mesh.Vertices, o.Mesh.Origin
		}
		require.Equal(t, o, again)
	})
}
