// Package xyz reads and writes clouds of points as lines of numbers, the files
// that are called .xyz, .txt, .csv, .pts or .asc.
//
//	c, err := xyz.Open("chair.txt", xyz.Limits{})
//	err = xyz.WriteFile("copy.csv", c, xyz.Options{CSV: true})
//
// [Open] and [Read] give points and normals; [OpenAll] and [ReadAll] give
// the other columns as well, such as labels and colours. What is compressed by
// gzip is read too.
//
// # What is accepted
//
// A line for each point, in LF, CRLF or CR, with 3 to 256 decimal numbers, as
// many in all lines. The first line of numbers tells what separates them:
// semicolons if it has one, else commas if it has one, else blanks and tabs.
// Blanks around commas and semicolons mean nothing, nor does one of these at
// the end of a line; a number that is missing between two is an error, and so
// is one with a decimal comma. What is in double quotes is the same without
// them, and may have separators in it. Blank lines are passed over, and so is
// what follows # or // on a line. A line may have 64 KiB.
//
// Before the first point there may be
//
//   - a line with the names of the columns, with x, y and z among them in any
//     order and in upper or lower case, quoted or not. It may be a comment, as
//     NumPy and CloudCompare write it;
//   - or, as in .pts files, a line with a whole number alone: how many points
//     there are. After as many another such line may begin another scan, and so
//     on, of which all points are one cloud. It is an error if fewer or more come.
//
// A file with neither, and no points, is an error. So are points with a number
// that is infinite, NaN or beyond float32. In any other column infinite numbers
// and NaN, as programs write what is not known, are NaN, and a normal with one is
// zero. A column that has a name and, in the first row, a word that is no number
// is passed over: names, classes, times. A word in any other column is an error.
// Coordinates of maps, in the millions, keep their digits: the cloud is measured
// from an origin then, see [setwise/pointcloud]. Other columns are float32, and so
// are degrees, which are not large: 48.1371234 has steps of 0.000004, half a metre
// on the ground.
//
// Files that are called .xyz and hold the atoms of molecules, with the name of
// an element before each, are refused: without the elements they would say too
// little.
//
// # What columns mean
//
// With names: x, y and z are the point, nx, ny and nz (or normal_x, normal_y,
// normal_z) the normal if all three are there. Without names the first three
// are the point. The next three are its normal if they look like it: none
// longer than 1.01, and half of them or more longer than 0.99. Otherwise they
// may well be colours, and are columns like others. A seventh of seven columns,
// after a normal, is named "label" if all its numbers are whole, as in
// ShapeNetPart; all others are named by their places, from "1".
//
// # Cost
//
// Reading takes time linear in the size of the file and stops at the first
// error. Numbers take 4 bytes each, twice that while they are put into their
// columns; large coordinates that float32 does not hold take 24 bytes a point more
// while reading. Files are not trusted: nothing is reserved for points that a count
// merely promises, and compressed content may expand 100-fold at most once it
// is past 48 MiB.
package xyz

import (
	"io"

	"setwise/io/internal/source"
	"setwise/io/internal/text"
	"setwise/pointcloud"
)

// Limits bound what a file may ask for; only Points counts. The zero value is
// the defaults.
type Limits = pointcloud.Limits

// A File is a cloud, and what else its file says of each point.
type File struct {
	Cloud   pointcloud.Cloud
	Columns []Column
}

// A Column holds a number for each point, NaN where there is none.
type Column struct {
	Name   string
	Values []float32
}

// Column returns the values of the first column of that name, or nil.
func (f File) Column(name string) []float32 {
	for _, c := range f.Columns {
		if c.Name == name {
			return c.Values
		}
	}
	return nil
}

// Open reads the cloud in the named file. Errors name the file, the line, and
// what was expected there.
func Open(name string, l Limits) (pointcloud.Cloud, error) {
	f, err := OpenAll(name, l)
	return f.Cloud, err
}

// Read reads all of r as a cloud. Errors name the line, and what was expected
// there.
func Read(r io.Reader, l Limits) (pointcloud.Cloud, error) {
	f, err := ReadAll(r, l)
	return f.Cloud, err
}

// OpenAll reads the cloud in the named file, with all columns that it has.
// See [Open].
func OpenAll(name string, l Limits) (File, error) {
	return source.Open("xyz", name, func(s *source.Stream) (File, error) { return read(s, l) })
}

// ReadAll reads all of r as a cloud, with all columns that it has. See
// [Read].
func ReadAll(r io.Reader, l Limits) (File, error) {
	return source.Read("xyz", r, func(s *source.Stream) (File, error) { return read(s, l) })
}

// read reads rows and says what their columns are.
func read(s *source.Stream, l Limits) (File, error) {
	r := rows{Scanner: text.NewScanner(s, 0, 0)}
	r.most, _ = l.Most()
	if err := r.read(); err != nil {
		return File{}, err
	}
	return r.file(), nil
}
