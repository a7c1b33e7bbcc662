package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"setwise/internal/parallel"
	"setwise/io/internal/column"
	"setwise/io/internal/text"
	"setwise/io/npy"
	"setwise/io/shape"
	"setwise/pointcloud"
)

// Names of files in a folder of arrays, perhaps after a word and a point.
const (
	dataEnd   = "data.npy"
	labelEnd  = "label.npy"
	normalEnd = "normal.npy"
)

// arrays are the arrays of a folder.
type arrays struct {
	stems   []string // beginnings of names, with slashes and in order: "a." for a.data.npy, "train/" for train/data.npy
	folders []string // that hold some
	others  []string // folders beside them, which are passed over
}

// findArrays finds arrays in a folder, or else in the folders of the parts in it.
func findArrays(dir string) (a arrays, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return a, err
	}
	if a.stems = stemsOf(entries, ""); len(a.stems) > 0 {
		a.folders = []string{""}
	}
	for _, e := range entries {
		name := e.Name()
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || !info.IsDir() || strings.HasPrefix(name, ".") {
			continue
		}
		var stems []string
		if partOf(name) != "" {
			within, err := os.ReadDir(filepath.Join(dir, name))
			if err != nil {
				return a, err
			}
			stems = stemsOf(within, name+"/")
		}
		if len(stems) == 0 {
			a.others = append(a.others, name)
			continue
		}
		a.stems, a.folders = append(a.stems, stems...), append(a.folders, name)
	}
	if len(a.folders) > 1 && a.folders[0] == "" {
		return a, fmt.Errorf("%s: want arrays in the folder, or in folders of its parts, got both: %s", dir, text.List(a.folders[1:]))
	}
	return a, nil
}

// stemsOf returns the beginnings of the names of arrays in a folder, after that of
// the folder.
func stemsOf(entries []os.DirEntry, folder string) (stems []string) {
	for _, e := range entries {
		if stem, ok := strings.CutSuffix(e.Name(), dataEnd); ok && (stem == "" || strings.HasSuffix(stem, ".")) {
			stems = append(stems, folder+stem)
		}
	}
	return stems
}

// openArrays reads a folder of arrays.
func openArrays(dir string, found arrays, o Options) (*Set, error) {
	out := &Set{}
	var labels []int64
	var taken int64
	for k, stem := range found.stems {
		part, err := partOfStem(stem)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", dir, err)
		}
		p, err := openPair(dir, stem, o)
		if err != nil {
			return nil, err
		}
		for i := range p.shapes {
			p.shapes[i].Name = fmt.Sprintf("%s%s row %d", stem, dataEnd, i)
			p.shapes[i].Part = part
			taken += p.shapes[i].bytes()
		}
		if taken > o.most() {
			return nil, fmt.Errorf("%s: want arrays that take at most %d bytes as points (Options.MostBytes), got more", dir, o.most())
		}
		out.Shapes = append(out.Shapes, p.shapes...)
		out.Notes = append(out.Notes, p.notes...)
		labels = append(labels, p.labels...)
		first, own := out.Shapes[0].Cloud.Normals != nil, p.shapes[0].Cloud.Normals != nil
		if first != own {
			return nil, fmt.Errorf("%s: want normals in all arrays or in none, got %s and %s, of which one has some",
				dir, found.stems[0]+dataEnd, found.stems[k]+dataEnd)
		}
	}
	called, err := callLabels(labels, dir, found.folders)
	if err != nil {
		return nil, err
	}
	if len(found.others) > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s: arrays are read, folders beside them are not: %s", dir, text.List(found.others)))
	}
	out.number(called)
	return out, nil
}

// partOfStem returns the part that a folder and the words of a name tell, which
// must not be two.
func partOfStem(stem string) (string, error) {
	folder, name := path.Split(stem)
	above, own := partIn(folder), partIn(name)
	if above != "" && own != "" && above != own {
		return "", fmt.Errorf("%s%s: want one part, got %s in %s", stem, dataEnd, own, above)
	}
	return cmp.Or(above, own), nil
}

// A pair is an array of clouds and the labels beside it.
type pair struct {
	shapes []Item
	labels []int64
	notes  []string
}

// openPair reads the shapes of one array, and the labels beside it.
func openPair(dir, stem string, o Options) (p pair, err error) {
	limits := npy.Limits{Bytes: max(o.MostBytes, 0)}
	data := filepath.Join(dir, filepath.FromSlash(stem+dataEnd))
	a, err := openClouds(data, limits)
	if err != nil {
		return p, err
	}
	if p.labels, err = openLabels(filepath.Join(dir, filepath.FromSlash(stem+labelEnd)), a.Shape[0], limits); err != nil {
		return p, err
	}
	p.shapes = make([]Item, a.Shape[0])
	rows := make([]int, len(p.shapes))
	for i := range rows {
		rows[i] = i
	}
	name := filepath.Join(dir, filepath.FromSlash(stem+normalEnd))
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		p.notes, err = fill(p.shapes, a, rows, data)
		return p, err
	}
	normals, err := openClouds(name, limits)
	if err != nil {
		return p, err
	}
	if want := []int{a.Shape[0], a.Shape[1], 3}; !slices.Equal(normals.Shape, want) {
		return p, fmt.Errorf("%s: want normals of shape %v, got %v", name, want, normals.Shape)
	}
	if _, err := fill(p.shapes, a, rows, data); err != nil {
		return p, err
	}
	directions := make([]Item, len(p.shapes))
	if _, err := fill(directions, normals, rows, name); err != nil {
		return p, err
	}
	for i := range p.shapes {
		p.shapes[i].Cloud.Normals = directions[i].Cloud.WithOrigin([3]float64{}).Points
	}
	if a.Shape[2] == 6 {
		p.notes = []string{fmt.Sprintf("%s: columns 4 to 6 are passed over, for normals are in %s", data, filepath.Base(name))}
	}
	return p, nil
}

// openClouds opens an array of clouds.
func openClouds(name string, l npy.Limits) (*npy.Array, error) {
	a, err := npy.Open(name, l)
	if err != nil {
		return nil, err
	}
	if len(a.Shape) != 3 || a.Shape[2] != 3 && a.Shape[2] != 6 || a.Shape[0] == 0 || a.Shape[1] == 0 {
		return nil, fmt.Errorf("%s: want an array of shape [shapes, points, 3] or [shapes, points, 6], got %v", name, a.Shape)
	}
	return a, nil
}

// fill gives shapes their clouds, each those of a row of an array of that name. It
// says what of the array is passed over: whether it has normals is decided for all
// of it.
func fill(shapes []Item, a *npy.Array, rows []int, name string) (notes []string, err error) {
	normals := haveNormals(a)
	bad := make([]error, len(rows))
	parallel.Each(len(rows), func(i int) {
		var c pointcloud.Cloud
		if a.Wide() {
			c = shape.CloudOf(a.Rows64(rows[i], rows[i]+1), a.Shape[2])
		} else {
			c = shape.CloudOf(a.Rows(rows[i], rows[i]+1), a.Shape[2])
		}
		if !normals {
			c.Normals = nil
		}
		if err := c.Validate(); err != nil {
			bad[i] = fmt.Errorf("%s: row %d: %w", name, rows[i], err)
		}
		shapes[i].Cloud = c
	})
	if a.Shape[2] == 6 && !normals {
		notes = []string{name + ": columns 4 to 6 are passed over: they are no normals, whose length is 1; colours?"}
	}
	return notes, cmp.Or(bad...)
}

// haveNormals reports whether columns 4 to 6 of all rows of an array look like
// normals, by the rule of package shape.
func haveNormals(a *npy.Array) bool {
	if a.Shape[2] != 6 {
		return false
	}
	looks := make([]column.Normals, a.Shape[0])
	parallel.Each(len(looks), func(i int) {
		for row := range slices.Chunk(a.Rows(i, i+1), 6) {
			looks[i].Look(row[3], row[4], row[5])
		}
	})
	var all column.Normals
	for _, l := range looks {
		all.Join(l)
	}
	return all.Found()
}

// partIn returns the part that a word of a name means, such as train in
// "ply_data_train0.", or "".
func partIn(name string) string {
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if part := partOf(word); part != "" {
			return part
		}
	}
	return ""
}
