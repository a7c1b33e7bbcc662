package solids

import (
	"cmp"
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

// A Solid is a shape with its place among others.
type Solid struct {
	Name  string // "train/chair/0001.stl" and so on, which Write gives to its file
	Class string
	Part  string // "train" or "test"
	Mesh  pointcloud.Mesh
}

// Make makes the shapes whose files Write writes, class by class, those to
// train with first. They depend on o and rng alone, not on the number of cores
// that make them.
func Make(o Options, rng *rand.Rand) ([]Solid, error) {
	plans, err := o.plan(rng)
	if err != nil {
		return nil, err
	}
	made, failed := make([]Solid, len(plans)), make([]error, len(plans))
	parallel.Each(len(plans), func(i int) { made[i], failed[i] = plans[i].make(o) })
	return made, cmp.Or(failed...)
}

// Write makes shapes and writes them as binary STL files, dir/train/CLASS/0001.stl
// and so on, and dir/test/CLASS/0001.stl, making folders as needed. The files
// depend on o and rng alone, not on the number of cores that write them. An
// existing file of the same name is replaced; others stay.
func Write(dir string, o Options, rng *rand.Rand) error {
	plans, err := o.plan(rng)
	if err != nil {
		return err
	}
	for _, p := range plans {
		if err := os.MkdirAll(filepath.Join(dir, p.part, p.class), 0o777); err != nil {
			return fmt.Errorf("solids: %w", err)
		}
	}
	failed := make([]error, len(plans))
	parallel.Each(len(plans), func(i int) {
		s, err := plans[i].make(o)
		if err == nil {
			err = write(filepath.Join(dir, filepath.FromSlash(s.Name)), s.Mesh, s.Class)
		}
		failed[i] = err
	})
	return cmp.Or(failed...)
}

// A plan is a shape to be made, the number-th of its class and part.
type plan struct {
	class, part string
	number      int
	seed        [2]uint64
}

// plan returns the shapes that o asks for.
func (o Options) plan(rng *rand.Rand) ([]plan, error) {
	if o.Train == 0 && o.Test == 0 {
		o.Train, o.Test = 100, 20
	}
	if o.Train < 0 || o.Test < 0 {
		return nil, fmt.Errorf("solids: want no fewer than 0 shapes, got %d to train and %d to test", o.Train, o.Test)
	}
	if len(o.Classes) == 0 {
		o.Classes = Classes()
	}
	var plans []plan
	for _, class := range o.Classes {
		if !slices.Contains(Classes(), class) {
			return nil, unknown(class)
		}
		for i := range o.Train {
			plans = append(plans, plan{class, "train", i + 1, [2]uint64{rng.Uint64(), rng.Uint64()}})
		}
		for i := range o.Test {
			plans = append(plans, plan{class, "test", i + 1, [2]uint64{rng.Uint64(), rng.Uint64()}})
		}
	}
	return plans, nil
}

func (p plan) make(o Options) (Solid, error) {
	own := rand.New(rand.NewPCG(p.seed[0], p.seed[1]))
	m, err := New(p.class, own)
	if err == nil && !o.Upright {
		m = m.Transform(pointcloud.RandomRotation(own))
	}
	return Solid{fmt.Sprintf("%s/%s/%04d.stl", p.part, p.class, p.number), p.class, p.part, m}, err
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
