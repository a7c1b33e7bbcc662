package ply

import (
	"image/color"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// Names in upper case do as well.
func TestUpperCase(t *testing.T) {
	text := "ply\nformat ascii 1.0\nelement VERTEX 3\nproperty float X\nproperty float Y\nproperty float Z\nproperty float NX\nproperty float NY\nproperty float NZ\nproperty uchar RED\nproperty uchar GREEN\nproperty uchar BLUE\n" +
		"element Face 1\nproperty list uchar int Vertex_Indices\nend_header\n0 0 0 0 0 1 1 2 3\n1 0 0 0 0 1 4 5 6\n0 1 0 0 0 1 7 8 9\n3 0 1 2\n"
	m, err := Read(strings.NewReader(text), Limits{})
	require.NoError(t, err)
	assert.Equal(t, [][3]int32{{0, 1, 2}}, m.Faces)
	c, err := ReadCloud(strings.NewReader(text), Limits{})
	require.NoError(t, err)
	assert.Equal(t, [][3]float32{{0, 0, 1}, {0, 0, 1}, {0, 0, 1}}, c.Normals)
	f, err := ReadAll(strings.NewReader(text), Limits{})
	require.NoError(t, err)
	assert.Equal(t, color.NRGBA{4, 5, 6, 255}, f.Colors()[1])
	_, err = Read(strings.NewReader(strings.Replace(text, "element Face 1", "element vertex 1", 1)), Limits{})
	assert.ErrorContains(t, err, `a second element "vertex"`)
	// The name in lower case counts if there are both.
	both := strings.Replace(text, "property float NX", "property float x", 1)
	m, err = Read(strings.NewReader(both), Limits{})
	require.NoError(t, err)
	assert.Equal(t, [][3]float32{{0, 0, 0}, {0, 0, 0}, {0, 1, 0}}, m.Vertices)

	// A mesh that may be a cloud has the normals of its vertices.
	o, err := ReadObject(strings.NewReader(text), Limits{})
	require.NoError(t, err)
	assert.Equal(t, Object{pointcloud.Mesh{Vertices: [][3]float32{{}, {1, 0, 0}, {0, 1, 0}}, Faces: [][3]int32{{0, 1, 2}}}, c.Normals}, o)
}

// A face that is not convex has its own area, whichever element comes first.
func TestConcave(t *testing.T) {
	const (
		vertex = "element vertex 8\nproperty float x\nproperty float y\nproperty float z\n"
		face   = "element face 1\nproperty list uchar int vertex_indices\n"
		places = "0 0 0\n3 0 0\n3 3 0\n2 3 0\n2 1 0\n1 1 0\n1 3 0\n0 3 0\n"
		corner = "8 0 1 2 3 4 5 6 7\n"
	)
	for _, text := range []string{vertex + face + "end_header\n" + places + corner, face + vertex + "end_header\n" + corner + places} {
		m, err := Read(strings.NewReader("ply\nformat ascii 1.0\n"+text), Limits{})
		require.NoError(t, err)
		assert.InDelta(t, 7, m.Area(), 1e-6)
		f, err := ReadAll(strings.NewReader("ply\nformat ascii 1.0\n"+text), Limits{})
		require.NoError(t, err)
		again, err := f.Mesh()
		require.NoError(t, err)
		assert.Equal(t, m, again)
	}
}
