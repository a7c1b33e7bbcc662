package shape

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"setwise/io/internal/atomicfile"
	"setwise/io/obj"
	"setwise/io/off"
	"setwise/io/pcd"
	"setwise/io/ply"
	"setwise/io/stl"
	"setwise/io/xyz"
	"setwise/pointcloud"
)

// WriteFile writes a shape to the named file, in the format that the ending of
// its name tells, compressed by gzip if .gz is after that. STL, PLY and PCD are
// binary, but for STL of a mesh with an origin, which is text: binary STL has no
// float64. True places are written: as double and float64 in PLY, PCD and arrays
// if the shape has an origin, and in text in the digits that the file had from
// which it was read, as far as they are known. A mesh goes into STL, OFF, OBJ and PLY, a cloud into all but STL;
// what a format has no place for, such as the normals of faces, is left out.
// The file appears complete or not at all. Numbers that are not finite and
// corners that are no vertices are errors.
func WriteFile(name string, s Shape) error {
	if err := writeFile(name, s); err != nil {
		return fmt.Errorf("shape: %s: %w", name, err)
	}
	return nil
}

func writeFile(name string, s Shape) error {
	lower := strings.ToLower(name)
	plain := strings.TrimSuffix(lower, ".gz")
	f, ok := byName(plain)
	switch {
	case !ok || f.Format == NPZ && plain != lower:
		return fmt.Errorf("want a name that ends in %s, perhaps with .gz but for .npz", strings.Join(Ends(), ", "))
	case s.IsMesh() && !f.meshes:
		return fmt.Errorf("want a cloud for %s, got a mesh: draw points from it", f.Format)
	case !s.IsMesh() && f.Format == STL:
		return errors.New("want a mesh for stl, got a cloud")
	}
	return atomicfile.Write(name, func(w io.Writer) error {
		if plain == lower {
			return f.write(w, s)
		}
		z := gzip.NewWriter(w)
		return errors.Join(f.write(z, s), z.Close())
	})
}

// writeSTL writes text where binary numbers are too coarse.
func writeSTL(w io.Writer, s Shape) error {
	return stl.Write(w, s.Mesh, stl.Options{Text: s.Mesh.Origin != [3]float64{}})
}

// vertices returns a shape as a mesh, which for a cloud has no faces, and the
// normals of its vertices.
func vertices(s Shape) (pointcloud.Mesh, [][3]float32) {
	if s.IsMesh() {
		return s.Mesh, nil
	}
	return pointcloud.Mesh{Vertices: s.Cloud.Points, Origin: s.Cloud.Origin}, s.Cloud.Normals
}

func writeOFF(w io.Writer, s Shape) error {
	m, normals := vertices(s)
	return off.Write(w, off.Object{Mesh: m, VertexNormals: normals})
}

func writeOBJ(w io.Writer, s Shape) error {
	m, normals := vertices(s)
	return obj.Write(w, obj.Object{Mesh: m, VertexNormals: normals})
}

func writePLY(w io.Writer, s Shape) error {
	f, err := ply.OfCloud(s.Cloud)
	if s.IsMesh() {
		f, err = ply.OfMesh(s.Mesh)
	}
	if err != nil {
		return err
	}
	return ply.Write(w, f)
}

func writePCD(w io.Writer, s Shape) error {
	f, err := pcd.OfCloud(s.Cloud)
	if err != nil {
		return err
	}
	return pcd.Write(w, f)
}

func writeXYZ(w io.Writer, s Shape) error { return xyz.Write(w, s.Cloud, xyz.Options{}) }

func writeCSV(w io.Writer, s Shape) error { return xyz.Write(w, s.Cloud, xyz.Options{CSV: true}) }
