package dataset_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"setwise/io/dataset"
	"setwise/io/dataset/solids"
	"setwise/io/npy"
	"setwise/pointcloud"
)

// A folder of STL files becomes a batch of sets with classes.
func Example() {
	dir, err := os.MkdirTemp("", "shapes")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	rng := rand.New(rand.NewPCG(1, 2))
	if err := solids.Write(dir, solids.Options{Train: 3, Test: 1}, rng); err != nil {
		fmt.Println(err)
		return
	}

	shapes, err := dataset.Open(dir, dataset.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	train, test, err := shapes.Split(0.8, rng)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(train), "to train and", len(test), "to test, of", len(shapes.Classes), "classes")

	first := train[0]
	batch := pointcloud.Batch(first.Points(256, rng).UnitSphere(), first.Points(256, rng).UnitSphere())
	fmt.Println(first.Name, "is a", shapes.Classes[first.Class], "of which", batch.Len(), "points were drawn")
	// Output:
	// 36 to train and 12 to test, of 12 classes
	// train/bolt/0001.stl is a bolt of which 512 points were drawn
}

// An array with a table that tells what is what.
func ExampleOpenTable() {
	dir, err := os.MkdirTemp("", "shapes")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	points, table := filepath.Join(dir, "points.npy"), filepath.Join(dir, "parts.tsv")
	err = npy.WriteFile(points, make([]float32, 3*8*3), 3, 8, 3)
	if err == nil {
		err = os.WriteFile(table, []byte("kind\tsplit\tsize\ncup\ttrain\t80.0,24.0\ncup\ttest\t20,30\nbowl\ttrain\t40,32\n"), 0o666)
	}
	if err != nil {
		fmt.Println(err)
		return
	}

	shapes, err := dataset.OpenTable(points, table, dataset.TableOptions{Label: "kind", Split: "split", Extra: []string{"size"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(shapes.Classes, shapes.Columns)
	for _, s := range shapes.Shapes {
		fmt.Println(s.Name, shapes.Classes[s.Class], s.Part, s.Extra)
	}
	// Output:
	// [bowl cup] [size.0 size.1]
	// row 0 cup train [80 24]
	// row 1 cup test [20 30]
	// row 2 bowl train [40 32]
}
