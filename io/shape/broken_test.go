package shape_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/shape"
)

// No archive that is cut or has a byte changed makes Open panic, and errors are
// short.
func TestBrokenArchives(t *testing.T) {
	for _, file := range []string{"npy-xyzrgb.npy", "npz-bzip2.npz", "npz-normals-1d.npz", "zip-without-arrays.3mf"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "internal", "cases", "testdata", file))
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
