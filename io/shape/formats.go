package shape

import "io"

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
	open   func(name string, l Limits) (Shape, error)
	write  func(w io.Writer, s Shape) error
}

var formats = []format{
	{STL, []string{".stl"}, true, openSTL, writeSTL},
	{OFF, []string{".off"}, true, openOFF, writeOFF},
	{OBJ, []string{".obj"}, true, openOBJ, writeOBJ},
	{PLY, []string{".ply"}, true, openPLY, writePLY},
	{PCD, []string{".pcd"}, false, openPCD, writePCD},
	{NPY, []string{".npy"}, false, openNPY, writeNPY},
	{NPZ, []string{".npz"}, false, openNPZ, writeNPZ},
	{XYZ, []string{".xyz", ".txt", ".pts", ".asc"}, false, openXYZ, writeXYZ},
	{XYZ, []string{".csv"}, false, openXYZ, writeCSV},
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
