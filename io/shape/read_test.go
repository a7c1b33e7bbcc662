package shape_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/shape"
	"setwise/pointcloud"
)

// However a shape comes, it is the same as in a file.
func TestReadAsOpen(t *testing.T) {
	read := 0
	for _, end := range shape.Ends() {
		for _, zipped := range []string{"", ".gz"} {
			for what, s := range map[string]shape.Shape{
				"mesh": {Mesh: corner}, "cloud": {Cloud: cloud}, "bare": {Cloud: pointcloud.Cloud{Points: cloud.Points}},
			} {
				name := filepath.Join(t.TempDir(), what+end+zipped)
				if shape.WriteFile(name, s) != nil {
					continue
				}
				want, err := shape.Open(name, shape.Limits{})
				require.NoError(t, err)
				data, err := os.ReadFile(name)
				require.NoError(t, err)
				file, err := os.Open(name)
				require.NoError(t, err)
				for how, r := range map[string]io.Reader{
					"file": file, "bytes": bytes.NewReader(data), "stream": bytes.NewBuffer(data),
					"pipe": io.MultiReader(bytes.NewReader(data)), "slow": iotest.OneByteReader(bytes.NewReader(data)),
				} {
					got, err := shape.Read(r, "upload"+end, shape.Limits{})
					if assert.NoError(t, err, "%s as %s", name, how) {
						assert.Equal(t, want, got, "%s as %s", name, how)
						read++
					}
				}
				require.NoError(t, file.Close())
				if f := want.Format; f != shape.OBJ && f != shape.XYZ {
					got, err := shape.Read(io.MultiReader(bytes.NewReader(data)), "", shape.Limits{})
					assert.NoError(t, err, "%s without a name", end)
					assert.Equal(t, want, got, "%s without a name", end)
				}
			}
		}
	}
	assert.Equal(t, 5*(2*4+2*2*10+2), read)
}

func TestReadErrors(t *testing.T) {
	_, err := shape.Read(strings.NewReader("v 0 0\n"), "part.obj", shape.Limits{})
	assert.EqualError(t, err, `obj: part.obj: line 1: the line ends early: want a finite number within float32`)
	_, err = shape.Read(strings.NewReader("OFF\n1 0 0\n0 0\n"), "", shape.Limits{})
	assert.EqualError(t, err, `off: line 3: the line ends early: want a finite number within float32`)
	_, err = shape.Read(strings.NewReader("PK\x03\x04"), "a", shape.Limits{})
	assert.ErrorContains(t, err, "shape: a: npy: zip directory")
	_, err = shape.Read(strings.NewReader("1 2 3\n"), "", shape.Limits{})
	assert.ErrorContains(t, err, `shape: begins with "1 2 3\n": want another kind of file, or a name`)
	_, err = shape.Read(iotest.ErrReader(io.ErrClosedPipe), "a.stl", shape.Limits{})
	assert.ErrorIs(t, err, io.ErrClosedPipe)
}

// Binary STL shows itself by its size in a stream too, whatever its header begins
// with.
func TestBinarySTLInStream(t *testing.T) {
	for _, begins := range []string{"a header", "ply to stl", "solid", "OFF 1", "\x1f\x8b header"} {
		data := begins + strings.Repeat("\x00", 80-len(begins)) + "\x01\x00\x00\x00" + strings.Repeat("\x00", 50)
		s, err := shape.Read(io.MultiReader(strings.NewReader(data)), "upload", shape.Limits{})
		if assert.NoError(t, err, begins) {
			assert.Equal(t, shape.STL, s.Format, begins)
			assert.Len(t, s.Mesh.Faces, 1, begins)
		}
	}
}
