package off

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
)

// FuzzOFF holds that no bytes make the reader panic, that what it accepts does
// not depend on how the bytes arrive and is valid, and that writing and reading
// gives the same object, bit for bit.
func FuzzOFF(f *testing.F) {
	for _, seed := range [][]byte{
		[]byte(square),
		[]byte("OFF3 1 0 # grown\r\n0 0 0\r1e-40 -0 +.5e1\n\n1 1 1e38\n4 0 1 2 2 .1 .2 1 0"),
		[]byte("OFF 3 1\n694386.212 5155487.512 381.036\n694386.262 5155487.562 381.036\n-7 1e20 0\n3 0 1 2\n"),
		[]byte("3 1\n0 0 0\n1 0 0\n1 1 0\n3 0 1 2 7\n"),
		[]byte("COFF 2 1\n0 0 0 1 0 0\n1 1 1 nan 0 0 0\n2 0 1 9 9 9"),
		[]byte("STCNOFF\n1 1 0\n0 0 0 0 0 inf 9 9 9 1 1\n3 0 0 0 9 9 9\n"),
		[]byte("OFF BINARY\n\x00\x00\x00\x01"),
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
