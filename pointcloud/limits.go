package pointcloud

import "math"

// Limits bound what a reader of files makes of one file. The zero value is the
// defaults. Packages of formats have it under their own name.
//
// All limits of this module are spelled alike. What a reader takes as its Limits
// has the largest number of each thing under the name of the thing, Points, Faces
// or Bytes, and 0 is the default. Elsewhere a name begins with Most: fields of
// options, such as MostBytes, and constants, such as [MostToMatch].
type Limits struct {
	// Points is the largest number of points of a cloud, or of vertices of a
	// mesh. The default is 60 million, 720 MB in memory.
	Points int

	// Faces is the largest number of triangles. The default is 20 million: as
	// an STL file, whose triangles have corners of their own, 1.2 GB in memory.
	Faces int
}

// Most returns the limits in force: the defaults for those that are zero or
// negative, and never more than an int32 can number.
func (l Limits) Most() (points, faces int) {
	points, faces = l.Points, l.Faces
	if points <= 0 {
		points = 60_000_000
	}
	if faces <= 0 {
		faces = 20_000_000
	}
	return min(points, math.MaxInt32), min(faces, math.MaxInt32/3)
}
