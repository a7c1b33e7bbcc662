package shape_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/io/shape"
)

// FuzzShape holds that no bytes under any name make Open or Read panic, that Open's
// errors name the file, that what it accepts Read reads from a stream as well, is
// sound and can be written.
func FuzzShape(f *testing.F) {
	for i, end := range shape.Ends() {
		for _, s := range []shape.Shape{{Mesh: corner}, {Cloud: cloud}} {
			name := filepath.Join(f.TempDir(), "a"+end)
			if shape.WriteFile(name, s) != nil {
				continue
			}
			data, err := os.ReadFile(name)
			require.NoError(f, err)
			f.Add(data, uint8(i))
			f.Add(formattest.Zipped(f, data), uint8(i+1))
		}
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte, end uint8) {
		ends := append(shape.Ends(), "", ".gz")
		name := filepath.Join(dir, "a"+ends[int(end)%len(ends)])
		require.NoError(t, os.WriteFile(name, data, 0o600))
		limits := shape.Limits{Points: 3000, Faces: 1000}
		s, err := shape.Open(name, limits)
		read, errRead := shape.Read(iotest.HalfReader(bytes.NewReader(data)), name, limits)
		if err == nil {
			// Of what has a size, that may tell binary STL; so it is measured.
			require.NoError(t, errRead)
			require.True(t, reflect.DeepEqual(s, read))
		}
		if err != nil {
			require.ErrorContains(t, err, name+": ")
			return
		}
		require.NoError(t, s.Mesh.Validate())
		require.NoError(t, s.Cloud.Validate())
		require.False(t, s.IsMesh() && s.Cloud.Len() > 0)
		require.LessOrEqual(t, len(s.Mesh.Faces), limits.Faces)
		require.LessOrEqual(t, max(len(s.Mesh.Vertices), s.Cloud.Len()), limits.Points)

		to := ".xyz"
		if s.IsMesh() {
			to = ".stl"
		}
		copied := filepath.Join(dir, "copy"+to)
		require.NoError(t, shape.WriteFile(copied, s))
		again, err := shape.Open(copied, shape.Limits{})
		require.NoError(t, err)
		require.True(t, slices.Equal(s.Cloud.Points, again.Cloud.Points))
		require.Equal(t, triangles(s.Mesh), triangles(again.Mesh))
	})
}
