package shape

import (
	"io"

	"setwise/io/internal/source"
)

// A Format is a kind of file, by the name of the package that reads it.
type Format string

// The formats. NPZ is an archive of arrays, read by the package npy.
const (
	STL Format = "stl"
	OFF Format = "off"
	OBJ Format = "obj"
	PLY Format = "ply"
	PCD Format = "pcd"
	XYZ Format = "xyz"
	NPY Format = "npy"
	NPZ Format = "npz"
)

// A format is how files of one kind are called, read and written.
type format struct {
	Format
	ends   []string // of names, in lower case
	meshes bool     // whether it has place for faces
	read   func(s *source.Stream, l Limits) (Shape, error)
	write  func(w io.Writer, s Shape) error
}

var formats = []format{
	{STL, []string{".stl"}, true, readSTL, writeSTL},
	{OFF, []string{".off"}, true, readOFF, writeOFF},
	{OBJ, []string{".obj"}, true, readOBJ, writeOBJ},
	{PLY, []string{".ply"}, true, readPLY, writePLY},
	{PCD, []string{".pcd"}, false, readPCD, writePCD},
	{NPY, []string{".npy"}, false, readNPY, writeNPY},
	{NPZ, []string{".npz"}, false, readNPZ, writeNPZ},
	{XYZ, []string{".xyz", ".txt", ".pts", ".asc"}, false, readXYZ, writeXYZ},
	{XYZ, []string{".csv"}, false, readXYZ, writeCSV},
}

// Ends returns how the names of files end that [Open] can read, in lower case
// and with the dot. Any of them may have .gz after it.
func Ends() []string {
	var ends []string
	for _, f := range formats {
		ends = append(ends, f.ends...)
	}
	return ends
}
