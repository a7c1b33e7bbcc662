package off

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
)

// counts are numbers of vertices, of triangles, and of triangles with a colour.
type counts struct{ vertices, triangles, colored int }

// goodFiles are those of the real files that are good. The numbers of vertices
// are those of their headers, and so are those of faces, which are quadrangles
// where there are twice as many triangles.
var goodFiles = map[string]counts{
	"hostile-mesh-files/assimp/OFF/Cube.off":        {8, 2 * 6, 0},
	"hostile-mesh-files/assimp/OFF/formatDetection": {8, 2 * 6, 0},
	"hostile-mesh-files/assimp/OFF/Wuson.off":       {3205, 3732, 0},
	"hostile-mesh-files/trimesh/ballA.off":          {1900, 3796, 0},
	"hostile-mesh-files/trimesh/ballB.off":          {1900, 3796, 0},
	"hostile-mesh-files/trimesh/comments.off":       {8, 2 * 6, 2 * 6},
	"hostile-mesh-files/trimesh/whitespace.off":     {8, 2 * 6, 2 * 6},
}

func TestRealFiles(t *testing.T) {
	formattest.RealFiles(t, "off", goodFiles, func(name string) (counts, error) {
		o, err := OpenObject(name, Limits{})
		if err != nil {
			return counts{}, err
		}
		assert.NoError(t, o.Mesh.Validate())
		assert.Empty(t, o.VertexNormals)
		assert.Empty(t, o.VertexColors)
		c := counts{vertices: len(o.Mesh.Vertices), triangles: len(o.Mesh.Faces)}
		for _, color := range o.FaceColors {
			if color.A == 191 { // 0.75
				c.colored++
			}
		}
		return c, nil
	})
}

// TestTruncatedRealFiles cuts good files short by a line or more: none of what
// is left is taken for the whole.
func TestTruncatedRealFiles(t *testing.T) {
	dir := formattest.Folder(t)
	for name := range goodFiles {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		require.NoError(t, err)
		end := bytes.LastIndexByte(bytes.TrimSpace(data), '\n') + 4
		for n := 0; n < end; n += max(len(data)/40, 1) {
			_, err := Read(bytes.NewReader(data[:n]), Limits{})
			assert.Error(t, err, "%s: %d of %d bytes", name, n, len(data))
		}
	}
}
