package dataset_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/npy"
	"setwise/io/stl"
	"setwise/pointcloud"
)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// wedge is a mesh of two faces, of area 1 each, in the plane z.
func wedge(z float32) pointcloud.Mesh {
	return pointcloud.Mesh{
		Vertices: [][3]float32{{0, 0, z}, {2, 0, z}, {0, 1, z}, {2, 1, z}},
		Faces:    [][3]int32{{0, 1, 2}, {1, 3, 2}},
	}
}

// put makes a file below dir: an STL mesh, an array, or text, by its name.
func put(t testing.TB, dir, name string, content any) {
	t.Helper()
	full := filepath.Join(dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o777))
	switch c := content.(type) {
	case pointcloud.Mesh:
		f, err := os.Create(full)
		require.NoError(t, err)
		require.NoError(t, stl.Write(f, c, stl.Options{}))
		require.NoError(t, f.Close())
	case array:
		require.NoError(t, npy.WriteFile(full, c.values, c.shape...))
	case string:
		require.NoError(t, os.WriteFile(full, []byte(c), 0o666))
	}
}

type array struct {
	values []float32
	shape  []int
}

// count returns an array of the given shape with the values 0, 1, 2, ...
func count(shape ...int) array {
	n := 1
	for _, d := range shape {
		n *= d
	}
	a := array{values: make([]float32, n), shape: shape}
	for i := range a.values {
		a.values[i] = float32(i)
	}
	return a
}

// withNormals returns [count] of rows of 6, of which the last three are (0, 0, 1).
func withNormals(shapes, points int) array {
	a := count(shapes, points, 6)
	for i := range shapes * points {
		copy(a.values[6*i+3:], []float32{0, 0, 1})
	}
	return a
}

// remove removes what put made, if it is there.
func remove(t testing.TB, dir, name string) {
	t.Helper()
	require.NoError(t, os.RemoveAll(filepath.Join(dir, filepath.FromSlash(name))))
}
