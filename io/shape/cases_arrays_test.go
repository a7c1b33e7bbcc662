package shape_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/shape"
)

// Arrays and archives as others write them.
func TestCasesOfArrays(t *testing.T) {
	for name, want := range map[string]struct {
		points int
		err    string
	}{
		"npy-xyzrgb.npy":         {5, ""},
		"npz-bzip2.npz":          {0, "points: compressed by bzip2: want deflate or nothing, as numpy.savez_compressed and numpy.savez write"},
		"npz-normals-1d.npz":     {0, "normals: want an array of shape [2 3], for as many points as points has, got [2]"},
		"zip-without-arrays.3mf": {0, "zip directory: want arrays, which are called NAME.npy, got a 3MF model"},
	} {
		s, err := shape.Open(filepath.Join("testdata", "cases", name), shape.Limits{})
		if want.err != "" {
			assert.ErrorContains(t, err, want.err, name)
			assert.ErrorContains(t, err, name+": ")
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, want.points, s.Cloud.Len())
		assert.Nil(t, s.Cloud.Normals)
	}
}

// No archive that is cut or has a byte changed makes Open panic, and errors are
// short.
func TestBrokenArchives(t *testing.T) {
	for _, file := range []string{"npy-xyzrgb.npy", "npz-bzip2.npz", "npz-normals-1d.npz", "zip-without-arrays.3mf"} {
		data, err := os.ReadFile(filepath.Join("testdata", "cases", file))
		require.NoError(t, err)
		try := func(b []byte) {
			s, err := shape.Read(bytes.NewReader(b), file, shape.Limits{Points: 1000})
			if err != nil {
				require.Less(t, len(err.Error()), 1000)
				return
			}
			require.NoError(t, s.Cloud.Validate())
		}
		for i := range data {
			try(data[:i])
			for _, flip := range []byte{1, 0x80, 0xff} {
				data[i] ^= flip
				try(data)
				data[i] ^= flip
			}
		}
	}
}
