// Package shape opens the shape in a file of any format that this module knows,
// as a mesh or as a cloud.
//
//	s, err := shape.Open("chair.ply.gz", shape.Limits{})
//	s, err = shape.Read(os.Stdin, "", shape.Limits{}) // or an upload, a member of an archive
//	if s.IsMesh() {
//		... s.Mesh
//	} else {
//		... s.Cloud
//	}
//	err = shape.WriteFile("chair.stl", s)
//
// # Formats
//
// The content tells the format of a file if it can, and its name otherwise, in
// upper or lower case:
//
//	format  by its content                          by its name
//	STL     a size that is right for a binary       .stl
//	        file, or the word "solid" first
//	OFF     OFF, COFF or the like first             .off
//	PLY     the word "ply" first                    .ply
//	PCD     "# .PCD" or VERSION first               .pcd
//	NPY     \x93NUMPY first                         .npy
//	NPZ     what zip archives begin with            .npz
//	OBJ                                             .obj
//	XYZ                                             .xyz .txt .csv .pts .asc
//
// Each may be compressed by gzip, with .gz after the name or without, but for
// archives, which are compressed themselves. What each format accepts is in the
// manual of its package; here a shape with faces is a mesh, and any other a
// cloud of its vertices, with their normals if there are some. Colours and all
// else that some formats have are left to their packages.
//
// An array, of any number type, has the shape [points, 3] or [points, 6]. Three
// more numbers are a normal if they look like it in all of the array, as in package
// [setwise/io/xyz]: none longer than 1.01, and half of them or more longer than
// 0.99. Otherwise they may be colours, from 0 to 1 or to 255, and are passed over;
// package [setwise/io/npy] has them. Of an archive the cloud is the array "points",
// or the only one of such a shape, and an array "normals", if there is one, holds
// a normal for each point; arrays of other names are passed over.
//
// Large coordinates, as those of maps, keep their digits in every format that has
// them, by an origin: see [setwise/pointcloud].
//
// # Files are not trusted
//
// All coordinates are finite, and all corners of faces are vertices. Anything
// else is an error that names the file, with one exception: points of PCD files
// that are not finite, with which depth cameras mark what they cannot see, are
// left out. Only regular files are opened; a pointer of Git LFS or git-annex to a
// file is an error that says so. A stream that never ends is an error in every
// format, be it all zeros, blanks or comments. [Limits] bound points and faces of
// every format; what a format takes in memory and time is in its package.
package shape

import (
	"fmt"
	"io"

	"setwise/io/internal/source"
	"setwise/pointcloud"
)

// Limits bound what a file may ask for. The zero value is the defaults.
type Limits = pointcloud.Limits

// A Shape is a mesh or a cloud, and the format of the file it came from.
type Shape struct {
	Format Format

	// Mesh is the surface, if it has faces.
	Mesh pointcloud.Mesh

	// Cloud holds the points, if there is no surface. There may be none.
	Cloud pointcloud.Cloud
}

// IsMesh reports whether the shape is a mesh.
func (s Shape) IsMesh() bool { return len(s.Mesh.Faces) > 0 }

// Open reads the shape in the named file, which must be a regular one: it never
// waits for a pipe. Errors name the file, what is wrong with it, and where.
func Open(name string, l Limits) (Shape, error) {
	f, err := source.File(name)
	if err != nil {
		return Shape{}, fmt.Errorf("shape: %w", err)
	}
	defer f.Close()
	return Read(f, name, l)
}

// Read reads the shape in all of r, such as an upload or standard input. name is
// what it is called, which says the format where the content does not, and which
// errors begin with; "" if nothing calls it anything. Nothing but r is read, and
// what never ends is an error. What [Open] does for a file, with the same result;
// but an archive is put in memory unless r is an [io.ReaderAt] and [io.Seeker] of
// known size, and so is binary STL while its size is not known.
func Read(r io.Reader, name string, l Limits) (Shape, error) {
	f, source, err := detect(r, name, l)
	if err != nil {
		return Shape{}, named(name, err)
	}
	source.Name = name
	s, err := f.read(source, l)
	if err != nil {
		return Shape{}, err
	}
	s.Format = f.Format
	return s, nil
}

// named adds the name of the package and of what is read to an error.
func named(name string, err error) error {
	if name == "" {
		return fmt.Errorf("shape: %w", err)
	}
	return fmt.Errorf("shape: %s: %w", name, err)
}
