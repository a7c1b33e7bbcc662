package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"setwise/io/dataset"
	"setwise/io/dataset/solids"
)

// load returns the shapes that the options name. Without any it makes solids,
// writes them as STL files into a temporary folder, and reads those.
func load(o options) (*dataset.Set, error) {
	switch name := strings.ToLower(o.data); {
	case o.data == "":
		dir, err := os.MkdirTemp("", "solids-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		if err := solids.Write(dir, solids.Options{Train: o.solids, Test: max(o.solids/5, 1)}, rand.New(rand.NewPCG(o.seed, 1))); err != nil {
			return nil, err
		}
		return dataset.Open(dir, dataset.Options{})
	case strings.HasSuffix(name, ".npy"), strings.HasSuffix(name, ".npy.gz"):
		if o.table == "" || o.label == "" {
			return nil, fmt.Errorf("-data %s: want -table FILE and -label COLUMN, which say what its shapes are", filepath.Base(o.data))
		}
		return dataset.OpenTable(o.data, o.table, dataset.Table{Label: o.label, Split: o.split, Extra: o.extra, Top: o.top})
	}
	return dataset.Open(o.data, dataset.Options{})
}

// around is how many of a point's nearest points tell its normal.
const around = 16

// addNormals gives normals to the clouds that have none.
func addNormals(shapes []dataset.Shape) {
	for i, s := range shapes {
		if s.Surface == nil && s.Cloud.Normals == nil {
			shapes[i].Cloud = s.Cloud.WithNormals(around)
		}
	}
}
