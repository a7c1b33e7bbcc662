// Package dataset reads labelled shapes: folders of files, and arrays with
// labels or a table.
//
//	shapes, err := dataset.Open("shapes", dataset.Options{})
//	train, test, err := shapes.Split(0.8, rng)
//	...
//	cloud := train[i].Points(1024, rng) // other points each time
//	class := train[i].Class             // its name is shapes.Classes[class]
//
// # Folders
//
// A folder holds a folder for each class, and may tell the training from the
// test part above or below that, as ModelNet40 does:
//
//	chair/0001.stl       train/chair/0001.off       chair/train/chair_0001.off
//	chair/0002.ply       test/chair/0002.off        chair/test/chair_0002.off
//
// See [Open] for the rules and package [setwise/io/shape] for the formats. These
// folders are known by what lies in them, and are read by pointing at them:
//
//   - modelnet40_normal_resampled, by its lists modelnet40_train.txt and
//     modelnet40_test.txt (or else those of modelnet10) of CLASS/CLASS_0001.txt.
//   - ShapeNetCore, by its taxonomy.json, which names the classes: SYNSET/ID/...
//     is of the class airplane, say, not 02691156. All of it would not fit into
//     memory: put some synsets into a folder, with that file.
//   - ShapeNetPart, by its synsetoffset2category.txt, which names the classes, and
//     the lists train_test_split/shuffled_train_file_list.json and so on of
//     SYNSET/ID.txt. Package [setwise/io/xyz] gives the part that each point is of.
//   - Arrays: data.npy of shape [shapes, points, 3] or [shapes, points, 6], and
//     label.npy of shape [shapes] or [shapes, 1]. They may lie in folders of the
//     parts: train/data.npy. Several may lie in a folder, with the same beginning
//     and a point before these names, in which a word such as train tells the
//     part: train.data.npy. Columns 4 to 6 are normals if they look like it
//     by the rule of [setwise/io/shape], or else are passed over; NAME.normal.npy,
//     if it is there, holds normals. Classes have the names in the lines of
//     shape_names.txt, if it is there or in the folders of the parts, else those
//     of their numbers.
//
// HDF5 files, as ModelNet40 and ScanObjectNN also come in, are made arrays of
// this kind once, by the command in examples/h5tonpy:
//
//	ply_data_train0.h5 -> ply_data_train0.data.npy, ply_data_train0.label.npy
//	ply_data_test0.h5  -> ply_data_test0.data.npy, ply_data_test0.label.npy
//
// All such arrays of a folder are read: variants of the same shapes, which
// ScanObjectNN has, belong in folders of their own.
//
// # Arrays with a table
//
// An array of shape [shapes, points, 3] keeps as many points of every shape,
// and a table tells in a row for each shape its class, its part, and more
// numbers if wanted: see [OpenTable]. Numbers of very different size are to be
// scaled, as setwise/layers/classifier does, by the training part alone.
//
// # Files are not trusted
//
// Every file is read under limits of size, checked for numbers that are not
// finite, and named in the error that refuses it. What cannot be read is an
// error, unless it is to be passed over.
//
// # Large coordinates
//
// A shape in the coordinates of a map has an origin of its own, near it: see
// [setwise/pointcloud]. Models see its points as measured from there, so bring
// shapes to the unit sphere, or to one origin, before they are put side by side.
//
// Package [setwise/io/dataset/solids] makes folders of shapes to try this on.
package dataset

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"setwise/io/internal/text"
	"setwise/pointcloud"
	"setwise/set"
)

// The parts that a data set may be divided into.
const (
	Train      = "train"
	Test       = "test"
	Validation = "val"
)

// An Item is one example: a surface or a cloud of points, with its class. It
// is safe for concurrent use.
type Item struct {
	// Name is the path of the file below the folder, with slashes, "row 17" of
	// a table, or "data.npy row 17" of one array among several.
	Name string

	// Class is the number of the class among Set.Classes.
	Class int

	// Part is Train, Test or Validation, or "" where the data do not say.
	Part string

	// Extra holds the numbers that a table gives for the shape, as they
	// stand there.
	Extra []float64

	// Surface is what points are drawn from if the shape is a mesh. Otherwise
	// it is nil, and Cloud holds one point or more.
	Surface *pointcloud.Surface
	Cloud   pointcloud.Cloud
}

// Points returns n points of the shape: drawn from a surface evenly by area, or
// picked from a cloud, where points come more than once if it has fewer than n
// ([pointcloud.Cloud.Pick]). They have normals if the shape has. Points panics
// with a [*set.ShapeError] if n is negative or the shape has no points.
func (s Item) Points(n int, rng *rand.Rand) pointcloud.Cloud {
	if s.Surface != nil {
		return s.Surface.Sample(n, rng)
	}
	c, err := s.Cloud.Pick(n, rng)
	if err != nil {
		panic(set.Mismatch("dataset.Points", "0 points or more of a shape that has some, got %d of %d", n, s.Cloud.Len()))
	}
	return c
}

const (
	vectorBytes = 12
	faceBytes   = vectorBytes + vectorBytes + 8 // corners, normal, and the choice of it
)

// bytes returns the memory that the shape takes, up to small change.
func (s Item) bytes() int64 {
	n := vectorBytes * (len(s.Cloud.Points) + len(s.Cloud.Normals))
	if s.Surface != nil {
		m := s.Surface.Mesh()
		n += vectorBytes*len(m.Vertices) + faceBytes*len(m.Faces)
	}
	return int64(n)
}

// A Set is a set of labelled shapes.
type Set struct {
	// Classes are the names of the classes, sorted.
	Classes []string

	// Shapes are in the order of their names if they come from a folder, or of
	// the lists in it, and in the order of the rows if they come from arrays.
	Shapes []Item

	// Columns names the numbers in Item.Extra. A column of the table with
	// several numbers in a cell comes as often, with ".0", ".1" after its
	// name.
	Columns []string

	// Skipped tells of the files that were passed over because they cannot be
	// read, in the order of their names. See [Options].
	Skipped []error

	// Notes are sentences about what was passed over besides, or may not be what
	// was meant: files that are no shapes, colours in the place of normals, folders
	// that links lead to again, classes without a shape to train with. They are
	// worth printing, and may hold what a terminal is not to see.
	Notes []string
}

// What classes may be like.
const (
	mostClasses = 1 << 16
	mostName    = 1 << 10 // bytes
)

// check checks the classes, and notes those without a shape to train with if
// there are others.
func (s *Set) check() error {
	if n := len(s.Classes); n > mostClasses {
		return fmt.Errorf("want at most %d classes, got %d: %s", mostClasses, n, text.List(s.Classes))
	}
	for _, c := range s.Classes {
		if len(c) > mostName {
			return fmt.Errorf("want names of classes of at most %d bytes, got %d that begin with %.40q", mostName, len(c), c)
		}
	}
	trained := make([]bool, len(s.Classes))
	for _, x := range s.Shapes {
		trained[x.Class] = trained[x.Class] || x.Part == Train || x.Part == ""
	}
	var bare []string
	for i, c := range s.Classes {
		if !trained[i] {
			bare = append(bare, c)
		}
	}
	if len(bare) > 0 && len(bare) < len(s.Classes) {
		s.Notes = append(s.Notes, "classes without a shape to train with: "+text.List(bare))
	}
	return nil
}

// Part returns the shapes of one part, in order.
func (s *Set) Part(part string) []Item {
	var out []Item
	for _, x := range s.Shapes {
		if x.Part == part {
			out = append(out, x)
		}
	}
	return out
}

// Split divides the shapes into those to train with and those to test with, in
// the order that they have in s.
//
// Where the data mark a test part, it is the test part, or failing that the
// validation part is, and train is what is marked Train or not at all;
// fraction and rng are not used. Otherwise a fraction of the shapes of every
// class, rounded and drawn with rng, is to train with: at least one shape, and
// all but one at most unless the class has only one.
//
// It is an error if a part would be empty, or if fraction is needed and is not
// between 0 and 1.
func (s *Set) Split(fraction float64, rng *rand.Rand) (train, test []Item, err error) {
	held := Test
	if !slices.ContainsFunc(s.Shapes, func(x Item) bool { return x.Part == Test }) {
		held = Validation
	}
	if test = s.Part(held); len(test) > 0 {
		for _, x := range s.Shapes {
			if x.Part == Train || x.Part == "" {
				train = append(train, x)
			}
		}
	} else {
		if !(fraction > 0 && fraction < 1) {
			return nil, nil, fmt.Errorf("dataset: want a fraction to train with between 0 and 1, got %v", fraction)
		}
		chosen := s.draw(fraction, rng)
		for i, x := range s.Shapes {
			if chosen[i] {
				train = append(train, x)
			} else {
				test = append(test, x)
			}
		}
	}
	if len(train) == 0 || len(test) == 0 {
		return nil, nil, fmt.Errorf("dataset: want shapes to train and to test with, got %d and %d", len(train), len(test))
	}
	return train, test, nil
}

// draw chooses a fraction of every class.
func (s *Set) draw(fraction float64, rng *rand.Rand) []bool {
	classes := make([][]int, len(s.Classes))
	for i, x := range s.Shapes {
		classes[x.Class] = append(classes[x.Class], i)
	}
	chosen := make([]bool, len(s.Shapes))
	for _, own := range classes {
		n := int(math.Round(fraction * float64(len(own))))
		n = max(min(n, len(own)-1), min(1, len(own)))
		for _, i := range rng.Perm(len(own))[:n] {
			chosen[own[i]] = true
		}
	}
	return chosen
}
