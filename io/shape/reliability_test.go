package shape_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/io/pcd"
	"setwise/io/shape"
	"setwise/pointcloud"
)

// few is what the shapes of these tests may have.
var few = shape.Limits{Points: 4096, Faces: 4096}

// tetrahedron returns a small mesh with numbers of several digits.
func tetrahedron() shape.Shape {
	return shape.Shape{Mesh: pointcloud.Mesh{
		Vertices: [][3]float32{{0.125, 0, -1}, {1, 0.25, 0}, {-3.5, 1, 7}, {0, 0.1, 0.3}},
		Faces:    [][3]int32{{0, 1, 2}, {0, 2, 3}, {0, 3, 1}, {1, 3, 2}},
	}}
}

// valid returns a small file of every format and form, by an end of its name,
// and all but the archive compressed as well.
func valid(t *testing.T) map[string][]byte {
	files := map[string][]byte{}
	for _, end := range shape.Ends() {
		s := tetrahedron()
		name := filepath.Join(t.TempDir(), "a"+end)
		if err := shape.WriteFile(name, s); err != nil {
			require.NoError(t, shape.WriteFile(name, shape.Shape{Cloud: pointcloud.Cloud{Points: s.Mesh.Vertices}}), end)
		}
		file, err := os.ReadFile(name)
		require.NoError(t, err)
		files[end] = file
	}
	files["text.stl"] = []byte("solid a\n facet normal 0 0 1\n  outer loop\n   vertex 0 0 0\n   vertex 1 0 0\n   vertex 0 1 0\n  endloop\n endfacet\nendsolid a\n")
	files["text.ply"] = []byte("ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n")
	files["text.pcd"] = []byte("VERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 2\nHEIGHT 1\nPOINTS 2\nDATA ascii\n1 2 3\n4 5 6\n")
	f, err := pcd.OfCloud(pointcloud.Cloud{Points: append(make([][3]float32, 9), tetrahedron().Mesh.Vertices...)})
	require.NoError(t, err)
	f.Format = pcd.Compressed
	files["compressed.pcd"] = formattest.Bytes(t, func(w io.Writer) error { return pcd.Write(w, f) })
	for name, file := range maps.Clone(files) {
		if name != ".npz" {
			files[name+".gz"] = formattest.Zipped(t, file)
		}
	}
	return files
}

// holds requires that what is made of a file is an error of bounded length, or
// a shape that is sound and within the limits.
func holds(t *testing.T, file []byte, name, what string) {
	t.Helper()
	s, err := shape.Read(bytes.NewReader(file), name, few)
	if err != nil {
		require.Less(t, len(err.Error()), 2000, "%s, %s", name, what)
		return
	}
	require.NoError(t, s.Mesh.Validate(), "%s, %s", name, what)
	require.NoError(t, s.Cloud.Validate(), "%s, %s", name, what)
	require.LessOrEqual(t, max(s.Cloud.Len(), len(s.Mesh.Vertices)), few.Points, "%s, %s", name, what)
	require.LessOrEqual(t, len(s.Mesh.Faces), few.Faces, "%s, %s", name, what)
}

// Files that are cut anywhere, or damaged anywhere, are refused or give
// something sound.
func TestDamagedFiles(t *testing.T) {
	step := 1
	if testing.Short() {
		step = 17
	}
	for name, file := range valid(t) {
		t.Run(name, func(t *testing.T) {
			_, err := shape.Read(bytes.NewReader(file), "a"+name, few)
			require.NoError(t, err, "whole")
			tries := 0
			took := formattest.Allocated(func() {
				for i := 0; i < len(file); i += step {
					holds(t, file[:i], "a"+name, fmt.Sprintf("cut at %d", i))
					holds(t, append(bytes.Clone(file[:i]), file[min(i+3, len(file)):]...), "a"+name, fmt.Sprintf("without three bytes at %d", i))
					holds(t, append(bytes.Clone(file[:i]), file[max(i-9, 0):]...), "a"+name, fmt.Sprintf("some bytes twice at %d", i))
					tries += 3
					for _, pattern := range []byte{0x01, 0x20, 0x80, 0xff} {
						bad := bytes.Clone(file)
						bad[i] ^= pattern
						holds(t, bad, "a"+name, fmt.Sprintf("byte %d changed by %#x", i, pattern))
						tries++
					}
				}
			})
			assert.Less(t, took/uint64(tries), uint64(1<<20), "bytes for each try")
		})
	}
}

// Headers that promise more than there is, bombs, and what has no end in sight
// are refused, each without much memory.
func TestHostileFiles(t *testing.T) {
	hostile := map[string][]byte{}
	for _, n := range []string{"2147483647", "4294967295", "9223372036854775807", "18446744073709551616", "-1", "1e9", "0x7fffffff", "4097"} {
		hostile[n+".off"] = []byte("OFF\n" + n + " " + n + " 0\n0 0 0\n")
		hostile[n+" corners.off"] = []byte("OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n" + n + " 0 1 2\n")
		hostile[n+".ply"] = []byte("ply\nformat binary_little_endian 1.0\nelement vertex " + n + "\nproperty double x\nproperty double y\nproperty double z\nend_header\n")
		hostile[n+" faces.ply"] = []byte("ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nelement face " + n + "\nproperty list uint int vertex_indices\nend_header\n0 0 0\n" + n + " 0\n")
		for _, data := range []string{"ascii", "binary", "binary_compressed"} {
			hostile[n+data+".pcd"] = []byte("VERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH " + n + "\nHEIGHT 1\nPOINTS " + n + "\nDATA " + data + "\n\xff\xff\xff\x7f\xff\xff\xff\x7f0")
			hostile[n+data+" count.pcd"] = []byte("VERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 " + n + "\nWIDTH 1\nHEIGHT 1\nDATA " + data + "\n0 0 0\n")
		}
		hostile[n+".npy"] = npyHeader(n + ", 3")
		hostile[n+" wide.npy"] = npyHeader("1, " + n)
		hostile[n+".obj"] = []byte("v 0 0 0\nf " + n + " " + n + " " + n + "\n")
		hostile[n+".pts"] = []byte(n + "\n0 0 0\n")
	}
	hostile["promised.stl"] = append(make([]byte, 80), 0xff, 0xff, 0xff, 0xff, 1, 2, 3)
	long := strings.Repeat("7", 1<<20)
	for _, end := range []string{".off", ".obj", ".xyz", ".csv", ".pts"} {
		hostile["long number"+end] = []byte("OFF\nv " + long + " 1 2\n")
		hostile["long line"+end] = []byte("v " + strings.Repeat("1 ", 1<<19) + "\n")
	}
	zeros := make([]byte, 1<<26)
	bomb := formattest.Zipped(t, zeros)
	for _, end := range shape.Ends() {
		hostile["bomb"+end+".gz"] = bomb
		hostile["nested bomb"+end+".gz"] = formattest.Zipped(t, formattest.Zipped(t, bomb))
		hostile["nothing"+end] = nil
		hostile["zeros"+end] = zeros[:1<<16]
		hostile["ones"+end] = bytes.Repeat([]byte{0xff}, 1<<12)
	}
	delete(hostile, "-1.obj") // the last vertex, which is there
	for name, file := range hostile {
		took := formattest.Allocated(func() {
			_, err := shape.Read(bytes.NewReader(file), name, few)
			if assert.Error(t, err, name) {
				assert.Less(t, len(err.Error()), 2000, name)
			}
		})
		assert.Less(t, took, uint64(2<<20), name)
	}
}

func npyHeader(shape string) []byte {
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }", shape)
	header += strings.Repeat(" ", 117-len(header)) + "\n"
	return append([]byte("\x93NUMPY\x01\x00\x76\x00"), header...)
}
