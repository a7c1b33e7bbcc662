package obj

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/io/internal/formattest"
)

// counts are numbers of vertices and of triangles, and what there is beside:
// normals of vertices (n) and of faces (f), colours (c).
type counts struct {
	vertices, triangles int
	beside              string
}

// goodFiles are those of the real files that are good. Vertices are the lines
// that begin with "v", triangles the words after "f" less two a line.
var goodFiles = map[string]counts{
	"hostile-mesh-files/assimp/OBJ/WusonOBJ.obj":                                              {2117, 3732, "n"},
	"hostile-mesh-files/assimp/OBJ/box.obj":                                                   {8, 12, ""},
	"hostile-mesh-files/assimp/OBJ/box_longline.obj":                                          {8, 944, ""},
	"hostile-mesh-files/assimp/OBJ/box_mat_with_spaces.obj":                                   {8, 12, ""},
	"hostile-mesh-files/assimp/OBJ/box_without_lineending.obj":                                {8, 12, ""},
	"hostile-mesh-files/assimp/OBJ/concave_polygon.obj":                                       {64, 64, "nf"},
	"hostile-mesh-files/assimp/OBJ/cube_mtllib_after_g.obj":                                   {8, 12, "f"},
	"hostile-mesh-files/assimp/OBJ/cube_usemtl.obj":                                           {8, 12, "f"},
	"hostile-mesh-files/assimp/OBJ/cube_with_vertexcolors.obj":                                {8, 12, "fc"},
	"hostile-mesh-files/assimp/OBJ/cube_with_vertexcolors_uni.obj":                            {8, 12, "fc"},
	"hostile-mesh-files/assimp/OBJ/empty_mat.obj":                                             {130, 256, "f"},
	"hostile-mesh-files/assimp/OBJ/mtl_different_folder.obj":                                  {8, 12, ""},
	"hostile-mesh-files/assimp/OBJ/multiple_spaces.obj":                                       {4, 1, ""},
	"hostile-mesh-files/assimp/OBJ/only_a_part_of_vertexcolors.obj":                           {5, 3, "c"},
	"hostile-mesh-files/assimp/OBJ/point_cloud.obj":                                           {3, 0, "n"},
	"hostile-mesh-files/assimp/OBJ/regr01.obj":                                                {2108, 2710, ""},
	"hostile-mesh-files/assimp/OBJ/regr_3429812.obj":                                          {4, 4, ""},
	"hostile-mesh-files/assimp/OBJ/space_in_material_name.obj":                                {64, 64, "nf"},
	"hostile-mesh-files/assimp/OBJ/spider.obj":                                                {762, 1368, ""},
	"hostile-mesh-files/assimp/OBJ/testline.obj":                                              {8, 0, ""},
	"hostile-mesh-files/assimp/OBJ/testmixed.obj":                                             {8, 12, ""},
	"hostile-mesh-files/assimp/OBJ/testpoints.obj":                                            {8, 0, ""},
	"hostile-mesh-files/tinyobjloader/models/catmark_torus_creases0.obj":                      {32, 64, ""},
	"hostile-mesh-files/tinyobjloader/models/colorspace-issue-184.obj":                        {3, 1, ""},
	"hostile-mesh-files/tinyobjloader/models/cornell_box.obj":                                 {76, 36, ""},
	"hostile-mesh-files/tinyobjloader/models/cornell_box_multimaterial.obj":                   {76, 36, ""},
	"hostile-mesh-files/tinyobjloader/models/cube-vertex-w-component.obj":                     {8, 12, ""},
	"hostile-mesh-files/tinyobjloader/models/cube-vertexcol.obj":                              {8, 12, "c"},
	"hostile-mesh-files/tinyobjloader/models/cube.obj":                                        {8, 12, ""},
	"hostile-mesh-files/tinyobjloader/models/invalid-face-definition.obj":                     {8, 0, ""},
	"hostile-mesh-files/tinyobjloader/models/issue-138.obj":                                   {8, 12, "f"},
	"hostile-mesh-files/tinyobjloader/models/issue-161-inconsistent-f.obj":                    {8, 12, ""},
	"hostile-mesh-files/tinyobjloader/models/issue-162-smoothing-group.obj":                   {8, 12, "f"},
	"hostile-mesh-files/tinyobjloader/models/issue-235-usemtl-then-o.obj":                     {8, 2, "nf"},
	"hostile-mesh-files/tinyobjloader/models/issue-244-mtl-searchpaths.obj":                   {8, 2, "nf"},
	"hostile-mesh-files/tinyobjloader/models/issue-246-usemtl-whitespace.obj":                 {8, 1, "nf"},
	"hostile-mesh-files/tinyobjloader/models/issue-248-texres-texopt.obj":                     {8, 12, ""},
	"hostile-mesh-files/tinyobjloader/models/issue-295-trianguation-failure.obj":              {16, 28, ""},
	"hostile-mesh-files/tinyobjloader/models/issue-319-002.obj":                               {20, 14, ""},
	"hostile-mesh-files/tinyobjloader/models/issue-319-003.obj":                               {10, 8, ""},
	"hostile-mesh-files/tinyobjloader/models/issue-330.obj":                                   {7, 3, ""},
	"hostile-mesh-files/tinyobjloader/models/issue-356-leading-spaces-newmtl.obj":             {0, 0, ""},
	"hostile-mesh-files/tinyobjloader/models/issue-92.obj":                                    {3, 1, ""},
	"hostile-mesh-files/tinyobjloader/models/issue-95-2.obj":                                  {3, 1, ""},
	"hostile-mesh-files/tinyobjloader/models/issue-95.obj":                                    {3, 1, ""},
	"hostile-mesh-files/tinyobjloader/models/leading-decimal-dot-issue-201.obj":               {3, 1, ""},
	"hostile-mesh-files/tinyobjloader/models/leading-zero-in-exponent-notation-issue-210.obj": {3, 1, ""},
	"hostile-mesh-files/tinyobjloader/models/line-prim.obj":                                   {8, 0, ""},
	"hostile-mesh-files/tinyobjloader/models/map-bump.obj":                                    {218, 400, "f"},
	"hostile-mesh-files/tinyobjloader/models/missing_material_file.obj":                       {76, 36, ""},
	"hostile-mesh-files/tinyobjloader/models/mtl filename with whitespace issue46.obj":        {8, 12, ""},
	"hostile-mesh-files/tinyobjloader/models/mtllib-multiple-files-issue-112.obj":             {3, 1, ""},
	"hostile-mesh-files/tinyobjloader/models/no_material.obj":                                 {76, 36, ""},
	"hostile-mesh-files/tinyobjloader/models/norm-texopt.obj":                                 {3, 1, ""},
	"hostile-mesh-files/tinyobjloader/models/pbr-mat-ext.obj":                                 {4, 2, ""},
	"hostile-mesh-files/tinyobjloader/models/points-prim.obj":                                 {8, 0, ""},
	"hostile-mesh-files/tinyobjloader/models/refl.obj":                                        {8, 12, ""},
	"hostile-mesh-files/tinyobjloader/models/skin-weight.obj":                                 {8, 12, ""},
	"hostile-mesh-files/tinyobjloader/models/smoothing-group-two-squares.obj":                 {6, 3, ""},
	"hostile-mesh-files/tinyobjloader/models/smoothing-normal.obj":                            {8, 6, ""},
	"hostile-mesh-files/tinyobjloader/models/texture-filename-with-whitespace.obj":            {8, 12, ""},
	"hostile-mesh-files/tinyobjloader/models/texture-options-issue-85.obj":                    {3, 1, ""},
	"hostile-mesh-files/tinyobjloader/models/tr-and-d-issue-43.obj":                           {218, 400, "f"},
	"hostile-mesh-files/tinyobjloader/models/usemtl-issue-104.obj":                            {12, 6, ""},
	"hostile-mesh-files/tinyobjloader/models/usemtl-issue-68.obj":                             {218, 400, "f"},
	"hostile-mesh-files/trimesh/box.obj":                                                      {8, 12, "f"},
	"hostile-mesh-files/trimesh/cube.OBJ":                                                     {8, 12, ""},
	"hostile-mesh-files/trimesh/cube_compressed.obj":                                          {8, 12, "f"},
	"hostile-mesh-files/trimesh/cubevt.obj":                                                   {24, 12, "nf"},
	"hostile-mesh-files/trimesh/empty.obj":                                                    {0, 0, ""},
	"hostile-mesh-files/trimesh/emptyIO/obj_empty.obj":                                        {0, 0, ""},
	"hostile-mesh-files/trimesh/emptyIO/obj_points.obj":                                       {8, 0, ""},
	"hostile-mesh-files/trimesh/emptyIO/obj_wireframe.obj":                                    {8, 0, ""},
	"hostile-mesh-files/trimesh/face_in_group_name.obj":                                       {1, 0, ""},
	"hostile-mesh-files/trimesh/face_in_group_name_mid_file.obj":                              {5, 2, ""},
	"hostile-mesh-files/trimesh/fandisk.obj":                                                  {2877, 5750, "n"},
	"hostile-mesh-files/trimesh/fuze.obj":                                                     {502, 1000, "n"},
	"hostile-mesh-files/trimesh/groups.obj":                                                   {1156, 2308, "n"},
	"hostile-mesh-files/trimesh/ico4.obj":                                                     {642, 1280, "f"},
	"hostile-mesh-files/trimesh/ico4uv.obj":                                                   {642, 1280, "f"},
	"hostile-mesh-files/trimesh/jacked.obj":                                                   {8, 12, ""},
	"hostile-mesh-files/trimesh/joined_tetrahedra.obj":                                        {5, 8, ""},
	"hostile-mesh-files/trimesh/nancolor.obj":                                                 {8, 12, "c"},
	"hostile-mesh-files/trimesh/negative_indices.obj":                                         {8, 12, "f"},
	"hostile-mesh-files/trimesh/noimg.obj":                                                    {502, 1000, "n"},
	"hostile-mesh-files/trimesh/not_convex.obj":                                               {288, 96, ""},
	"hostile-mesh-files/trimesh/notenoughindices.obj":                                         {3, 1, ""},
	"hostile-mesh-files/trimesh/obj_with_no_face_in_chunk.obj":                                {3, 1, ""},
	"hostile-mesh-files/trimesh/polygonfaces.obj":                                             {5, 3, ""},
	"hostile-mesh-files/trimesh/quadknot.obj":                                                 {1440, 2880, "nc"},
	"hostile-mesh-files/trimesh/rabbit.obj":                                                   {644, 1252, ""},
	"hostile-mesh-files/trimesh/reference.obj":                                                {845, 1610, "c"},
	"hostile-mesh-files/trimesh/singlevn.obj":                                                 {4, 2, "nf"},
	"hostile-mesh-files/trimesh/target.obj":                                                   {1715, 3318, ""},
	"hostile-mesh-files/trimesh/textured_tetrahedron.obj":                                     {4, 4, "n"},
	"hostile-mesh-files/trimesh/tube.obj":                                                     {128, 120, "n"},
	"hostile-mesh-files/trimesh/two_objects.obj":                                              {12, 16, ""},
	"hostile-mesh-files/trimesh/wallhole.obj":                                                 {92, 66, "nf"},
}

func TestRealFiles(t *testing.T) {
	formattest.RealFiles(t, "obj", goodFiles, func(name string) (counts, error) {
		o, err := OpenObject(name, Limits{})
		if err != nil {
			return counts{}, err
		}
		assert.NoError(t, o.Mesh.Validate(), name)
		assert.NoError(t, o.check(), name)
		c := counts{vertices: len(o.Mesh.Vertices), triangles: len(o.Mesh.Faces)}
		if o.VertexNormals != nil {
			c.beside += "n"
		}
		if o.Mesh.Normals != nil {
			c.beside += "f"
		}
		if o.VertexColors != nil {
			c.beside += "c"
		}
		return c, nil
	})
}
