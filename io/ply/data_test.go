package ply

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
)

// counts are numbers of vertices and triangles, and the sum of all coordinates,
// rounded.
type counts struct {
	vertices, triangles int
	sum                 float64
}

// goodFiles are those of the real files that are good meshes. The numbers come
// from a program of its own, in another language.
var goodFiles = map[string]counts{
	"hostile-mesh-files/assimp/PLY/cube.ply":                               {8, 12, 12},
	"hostile-mesh-files/assimp/PLY/cube_binary.ply":                        {8, 12, 12},
	"hostile-mesh-files/assimp/PLY/cube_binary_header_with_RN_newline.ply": {8, 12, 12},
	"hostile-mesh-files/assimp/PLY/cube_binary_starts_with_nl.ply":         {8, 12, 60},
	"hostile-mesh-files/assimp/PLY/cube_uv.ply":                            {24, 12, 0},
	"hostile-mesh-files/assimp/PLY/float-color.ply":                        {3, 1, 500},
	"hostile-mesh-files/assimp/PLY/points.ply":                             {4, 0, 4},
	"hostile-mesh-files/pcl/cube.ply":                                      {24, 12, 0},
	"hostile-mesh-files/tinyply/elephant.ply":                              {19753, 39290, 30879},
	"hostile-mesh-files/tinyply/icosahedron.ply":                           {12, 20, 0},
	"hostile-mesh-files/tinyply/icosahedron_ascii.ply":                     {12, 20, 0},
	"hostile-mesh-files/trimesh/BoxTextured.ply":                           {24, 12, 0},
	"hostile-mesh-files/trimesh/cube_blender_uv.ply":                       {24, 12, 0},
	"hostile-mesh-files/trimesh/cube_blender_uv_meshlab.ply":               {24, 12, 0},
	"hostile-mesh-files/trimesh/empty.ply":                                 {0, 0, 0},
	"hostile-mesh-files/trimesh/emptyIO/ply_empty_ascii.ply":               {0, 0, 0},
	"hostile-mesh-files/trimesh/emptyIO/ply_empty_bin.ply":                 {0, 0, 0},
	"hostile-mesh-files/trimesh/emptyIO/ply_points_ascii.ply":              {8, 0, 0},
	"hostile-mesh-files/trimesh/emptyIO/ply_points_bin.ply":                {8, 0, 0},
	"hostile-mesh-files/trimesh/featuretype.ply":                           {5096, 3476, 2420},
	"hostile-mesh-files/trimesh/fixed_top.ply":                             {2374, 4772, 9744},
	"hostile-mesh-files/trimesh/fuze.ply":                                  {502, 1000, 48},
	"hostile-mesh-files/trimesh/metadata.ply":                              {4, 2, 0},
	"hostile-mesh-files/trimesh/mirror.ply":                                {143, 286, 1911},
	"hostile-mesh-files/trimesh/multi.ply":                                 {4, 2, 0},
	"hostile-mesh-files/trimesh/octagonal_pocket.ply":                      {1658, 3262, 281},
	"hostile-mesh-files/trimesh/plane.ply":                                 {4, 2, 0},
	"hostile-mesh-files/trimesh/plane_tri.ply":                             {4, 2, 0},
	"hostile-mesh-files/trimesh/points_ascii.ply":                          {5, 0, 0},
	"hostile-mesh-files/trimesh/points_ascii_with_lists.ply":               {5, 0, 0},
	"hostile-mesh-files/trimesh/points_bin.ply":                            {5, 0, 0},
	"hostile-mesh-files/trimesh/points_emptyface.ply":                      {1024, 0, 6482},
	"hostile-mesh-files/trimesh/reference.ply":                             {845, 1610, -28064},
	"hostile-mesh-files/trimesh/sphere.ply":                                {642, 1280, 0},
	"hostile-mesh-files/trimesh/suzanne.ply":                               {1966, 968, 3145},
	"hostile-mesh-files/trimesh/tet.ply":                                   {4, 4, 0},
}

// badFiles are PLY files that are refused: with a row of text that has more or
// fewer words than its header promises, more rows, or half a header.
var badFiles = map[string]string{
	"hostile-mesh-files/assimp/PLY/issue623.ply":                                           "line 14: the line ends early: want a number of items for vertex_indices of vertex 0",
	"hostile-mesh-files/assimp/PLY/payload_JVN42386607":                                    "line 2: the line ends early: want version 1.0",
	"hostile-mesh-files/assimp/invalid/empty.ply":                                          `empty: want a line "ply"`,
	"hostile-mesh-files/trimesh/fuze_ascii.ply":                                            `line 523: want the end of the line, got "1"`,
	"hostile-mesh-files/trimesh/points_emptyascii.ply":                                     `line 23: want the end of the file, got "-0.009618"`,
	"hostile-mesh-files/trimesh/emptyIO/ply_empty_header.ply":                              "want an element vertex with single numbers x, y and z, got none",
	"hostile-mesh-files/assimp/invalid/crash-30d6d0f7c529b3b66b4131700b7a4580cd7082df.ply": "line 7: the file ends early: want a type",
}

func TestRealFiles(t *testing.T) {
	formattest.RealFiles(t, "ply", goodFiles, func(name string) (counts, error) {
		m, err := Open(name, Limits{})
		if err != nil {
			return counts{}, err
		}
		var sum float64
		for _, v := range m.Vertices {
			sum += float64(v[0]) + float64(v[1]) + float64(v[2])
		}
		assert.NoError(t, m.Validate())
		return counts{len(m.Vertices), len(m.Faces), math.Round(sum) + 0}, nil
	})
}

// TestRealFilesWhole reads everything in the good files, writes it in all formats
// and reads it again.
func TestRealFilesWhole(t *testing.T) {
	dir := formattest.Folder(t)
	for name := range goodFiles {
		name = filepath.Join(dir, filepath.FromSlash(name))
		m, err := Open(name, Limits{})
		require.NoError(t, err)
		f, err := OpenAll(name, Limits{})
		require.NoError(t, err)
		mesh, err := f.Mesh()
		require.NoError(t, err)
		require.Equal(t, m, mesh, name)
		cloud, err := f.Cloud()
		require.NoError(t, err)
		again, err := OpenCloud(name, Limits{})
		require.NoError(t, err)
		require.Equal(t, cloud, again, name)
		assert.Equal(t, f.Element("vertex").Property("nx") != nil && f.Element("vertex").Rows > 0, cloud.Normals != nil, name)
		for f.Format = range Format(len(formats)) {
			g, err := ReadAll(bytes.NewReader(encoded(t, f)), Limits{})
			require.NoError(t, err)
			require.Equal(t, f, g, name)
		}
	}
	colored, err := OpenAll(filepath.Join(dir, "hostile-mesh-files/assimp/PLY/points.ply"), Limits{})
	require.NoError(t, err)
	assert.Equal(t, []uint8{255, 255, 255, 0}, colored.Element("vertex").Property("red").Values)
	assert.Equal(t, uint8(255), colored.Colors()[1].B)
	textured, err := OpenAll(filepath.Join(dir, "hostile-mesh-files/trimesh/fuze.ply"), Limits{})
	require.NoError(t, err)
	assert.Equal(t, []string{"VCGLIB generated", "TextureFile   fuze uv.jpg "}, textured.Comments)
	assert.Equal(t, 6000, textured.Element("face").Property("texcoord").Offsets.Len())
}

func TestBadFiles(t *testing.T) {
	dir := formattest.Folder(t)
	for name, want := range badFiles {
		name = filepath.Join(dir, filepath.FromSlash(name))
		_, err := Open(name, Limits{})
		assert.EqualError(t, err, "ply: "+name+": "+want)
	}
}

// TestTruncatedRealFiles cuts good files short by two bytes or more: none of what
// is left is taken for the whole.
func TestTruncatedRealFiles(t *testing.T) {
	dir := formattest.Folder(t)
	for name, c := range goodFiles {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		require.NoError(t, err)
		if c.vertices == 0 {
			continue
		}
		last := bytes.LastIndexByte(bytes.TrimRight(data, " \r\n"), ' ')
		if !bytes.Contains(data, []byte("ascii")) {
			last = len(data) - 1
		}
		for n := 0; n <= last; n += max(last/40, 1) {
			_, err := Read(bytes.NewReader(data[:n]), Limits{})
			assert.Error(t, err, "%s: %d of %d bytes", name, n, len(data))
		}
	}
}
