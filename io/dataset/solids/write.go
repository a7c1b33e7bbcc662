package solids

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"setwise/internal/parallel"
	"setwise/io/stl"
	"setwise/pointcloud"
)

// Options say which shapes [Write] makes. The zero value is 100 training and 20
// test shapes of every class, each turned at random.
type Options struct {
	// Classes are the classes to make. None means all of [Classes].
	Classes []string

	// Train and Test are the numbers of shapes of a class in each part. Both
	// 0 means 100 and 20.
	Train, Test int

	// Upright leaves the shapes standing as [New] makes them. Otherwise each
	// is turned by a uniformly random rotation.
	Upright bool
}

// Write makes shapes and writes them as binary STL files, dir/train/CLASS/0001.stl
// and so on, and dir/test/CLASS/0001.stl, making folders as needed. The files
// depend on o and rng alone, not on the number of cores that write them. An
// existing file of the same name is replaced; others stay.
func Write(dir string, o Options, rng *rand.Rand) error {
	if o.Train == 0 && o.Test == 0 {
		o.Train, o.Test = 100, 20
	}
	if o.Train < 0 || o.Test < 0 {
		return fmt.Errorf("solids: want no fewer than 0 shapes, got %d to train and %d to test", o.Train, o.Test)
	}
	if len(o.Classes) == 0 {
		o.Classes = Classes()
	}
	type file struct {
		name, class string
		seed        [2]uint64
	}
	var files []file
	for _, class := range o.Classes {
		if !slices.Contains(Classes(), class) {
			return unknown(class)
		}
		for _, part := range []struct {
			name   string
			shapes int
		}{{"train", o.Train}, {"test", o.Test}} {
			if part.shapes == 0 {
				continue
			}
			folder := filepath.Join(dir, part.name, class)
			if err := os.MkdirAll(folder, 0o777); err != nil {
				return fmt.Errorf("solids: %w", err)
			}
			for i := range part.shapes {
				name := filepath.Join(folder, fmt.Sprintf("%04d.stl", i+1))
				files = append(files, file{name, class, [2]uint64{rng.Uint64(), rng.Uint64()}})
			}
		}
	}
	failed := make([]error, len(files))
	parallel.Each(len(files), func(i int) {
		f := files[i]
		own := rand.New(rand.NewPCG(f.seed[0], f.seed[1]))
		m, err := New(f.class, own)
		if err == nil {
			if !o.Upright {
				m = m.Transform(pointcloud.RandomRotation(own))
			}
			err = write(f.name, m, f.class)
		}
		failed[i] = err
	})
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}

// write writes a mesh without waiting for the disk, which would take most of
// the time for many small files.
func write(name string, m pointcloud.Mesh, class string) error {
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("solids: %w", err)
	}
	err = stl.Write(f, m, stl.Options{Name: class})
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("solids: %s: %w", name, err)
	}
	return nil
}
