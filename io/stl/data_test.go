package stl

import (
	"bytes"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hschendel/stl"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/internal/elementary"
	"setwise/io/internal/formattest"
)

// triangles are the numbers of triangles of the real files that are good,
// solid by solid.
var triangles = map[string][]int{
	"hostile-mesh-files/assimp/STL/3DSMaxExport.STL":                  {2000},
	"hostile-mesh-files/assimp/STL/Spider_ascii.stl":                  {1368},
	"hostile-mesh-files/assimp/STL/Spider_binary.stl":                 {1368},
	"hostile-mesh-files/assimp/STL/Wuson.stl":                         {3732},
	"hostile-mesh-files/assimp/STL/formatDetection":                   {1},
	"hostile-mesh-files/assimp/STL/sphereWithHole.stl":                {285},
	"hostile-mesh-files/assimp/STL/triangle.stl":                      {1},
	"hostile-mesh-files/assimp/STL/triangle_with_empty_solid.stl":     {1, 0},
	"hostile-mesh-files/assimp/STL/triangle_with_two_solids.stl":      {1, 1},
	"hostile-mesh-files/hschendel-stl/confusingheader_bin.stl":        {4},
	"hostile-mesh-files/hschendel-stl/simple_ascii.stl":               {4},
	"hostile-mesh-files/hschendel-stl/simple_bin.stl":                 {4},
	"hostile-mesh-files/numpy-stl/stl_ascii/Cube.stl":                 {12},
	"hostile-mesh-files/numpy-stl/stl_ascii/HalfDonut.stl":            {288},
	"hostile-mesh-files/numpy-stl/stl_ascii/Moon.stl":                 {116},
	"hostile-mesh-files/numpy-stl/stl_ascii/Moon_Chinese.stl":         {116},
	"hostile-mesh-files/numpy-stl/stl_ascii/Star.stl":                 {68},
	"hostile-mesh-files/numpy-stl/stl_binary/Cube.stl":                {12},
	"hostile-mesh-files/numpy-stl/stl_binary/CubeInvalidUnicode.stl":  {12},
	"hostile-mesh-files/numpy-stl/stl_binary/HalfDonut.stl":           {288},
	"hostile-mesh-files/numpy-stl/stl_binary/Moon.stl":                {116},
	"hostile-mesh-files/numpy-stl/stl_binary/Star.stl":                {68},
	"hostile-mesh-files/numpy-stl/stl_binary/StarWithEmptyHeader.stl": {68},
	"hostile-mesh-files/numpy-stl/stl_tests/triamid.stl":              {10},
	"hostile-mesh-files/trimesh/20mm-xyz-cube.stl":                    {260},
	"hostile-mesh-files/trimesh/7_8ths_cube.stl":                      {24},
	"hostile-mesh-files/trimesh/angle_block.STL":                      {704},
	"hostile-mesh-files/trimesh/box.STL":                              {8954},
	"hostile-mesh-files/trimesh/busted.STL":                           {3878},
	"hostile-mesh-files/trimesh/cylinder.stl":                         {416},
	"hostile-mesh-files/trimesh/empty.stl":                            {0},
	"hostile-mesh-files/trimesh/emptyIO/stl_empty_ascii.stl":          {0},
	"hostile-mesh-files/trimesh/emptyIO/stl_empty_bin.stl":            {0},
	"hostile-mesh-files/trimesh/featuretype.STL":                      {3476},
	"hostile-mesh-files/trimesh/idler_riser.STL":                      {1572},
	"hostile-mesh-files/trimesh/large_block.STL":                      {12},
	"hostile-mesh-files/trimesh/large_block_obb.STL":                  {12},
	"hostile-mesh-files/trimesh/multibody.stl":                        {12, 20},
	"hostile-mesh-files/trimesh/octagonal_pocket.stl":                 {3262},
	"hostile-mesh-files/trimesh/origin_inside.STL":                    {28},
	"hostile-mesh-files/trimesh/plate_holes.STL":                      {1252},
	"hostile-mesh-files/trimesh/round.stl":                            {1120},
	"hostile-mesh-files/trimesh/shared.STL":                           {24},
	"hostile-mesh-files/trimesh/soup.stl":                             {100},
	"hostile-mesh-files/trimesh/teapot.stl":                           {894},
	"hostile-mesh-files/trimesh/torus.STL":                            {8700},
	"hostile-mesh-files/trimesh/two_objects_mixed_case_names.stl":     {12, 12},
	"hostile-mesh-files/trimesh/unit_cube.STL":                        {12},
	"hostile-mesh-files/trimesh/unit_sphere.STL":                      {1280},
	"hostile-minimal/bin_trailing2_rejected.stl":                      {2},
	"hostile-minimal/noname_rejected.stl":                             {1},
	"hostile-minimal/two_solids_second_lost.stl":                      {1, 1},
}

func TestRealFiles(t *testing.T) {
	formattest.RealFiles(t, "stl", triangles, func(name string) (counts []int, err error) {
		solids, err := OpenSolids(name, Limits{})
		for _, s := range solids {
			counts = append(counts, len(s.Mesh.Faces))
		}
		return counts, err
	})
}

// TestSameAsLibrary compares with what the library reads, of the files that it
// accepts.
func TestSameAsLibrary(t *testing.T) {
	dir := formattest.Folder(t)
	for rel := range triangles {
		name := filepath.Join(dir, filepath.FromSlash(rel))
		solids, err := OpenSolids(name, Limits{})
		require.NoError(t, err)
		sameAsLibrary(t, name, solids)
	}
}

// TestRealColors: one of the real files has colours; two have attributes that
// mean something else.
func TestRealColors(t *testing.T) {
	dir := formattest.Folder(t)
	for rel, n := range triangles {
		solids, err := OpenSolids(filepath.Join(dir, filepath.FromSlash(rel)), Limits{})
		require.NoError(t, err)
		if filepath.Base(rel) != "20mm-xyz-cube.stl" {
			assert.Nil(t, solids[0].Colors, rel)
			continue
		}
		assert.Equal(t, "STLB ATF 2.0.0.9000", solids[0].Name)
		assert.Equal(t, slices.Repeat([]color.NRGBA{{156, 156, 156, 255}}, n[0]), solids[0].Colors)
	}
}

// sameAsLibrary compares the first solid with what the library reads, if it
// accepts the file.
func sameAsLibrary(t *testing.T, name string, solids []Solid) {
	library, err := stl.ReadFile(name)
	if err != nil {
		return
	}
	m := solids[0].Mesh
	require.Len(t, m.Faces, len(library.Triangles), name)
	for i, l := range library.Triangles {
		for k := range 3 {
			require.Equal(t, [3]float32(l.Vertices[k]), m.Vertices[3*i+k], "%s: triangle %d", name, i)
		}
		if n := [3]float32(l.Normal); n != ([3]float32{}) && elementary.FiniteVector(n) {
			require.Equal(t, n, m.Normals[i], "%s: triangle %d", name, i)
		}
	}
}

// TestTruncatedRealFiles cuts good files short: none of what is left is taken
// for the whole.
func TestTruncatedRealFiles(t *testing.T) {
	dir := formattest.Folder(t)
	for name, want := range triangles {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		require.NoError(t, err)
		if len(want) != 1 || want[0] == 0 || len(data) > 30_000 {
			continue
		}
		step := max(len(data)/40, 1)
		for n := 0; n < len(data)-len("endsolid")-300; n += step {
			_, err := Read(bytes.NewReader(data[:n]), Limits{})
			assert.Error(t, err, "%s: %d of %d bytes", name, n, len(data))
		}
	}
}
