package solids_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"setwise/io/dataset/solids"
)

func Example() {
	rng := rand.New(rand.NewPCG(1, 2))
	fmt.Println(solids.Classes())
	chair, err := solids.New("chair", rng)
	if err != nil {
		fmt.Println(err)
		return
	}
	points := must(chair.Sample(1024, rng)).UnitSphere()
	fmt.Println(points.Len(), "points of a chair")
	// Output:
	// [bolt bottle bowl chair cup elbow gear lamp shelf spring table wheel]
	// 1024 points of a chair
}

func ExampleNewParted() {
	rng := rand.New(rand.NewPCG(1, 2))
	fmt.Println(solids.PartedClasses())
	chair, err := solids.NewParted("chair", rng)
	if err != nil {
		fmt.Println(err)
		return
	}
	cloud, parts := chair.Sample(1024, rng)
	names, count := solids.Parts("chair"), map[string]int{}
	for _, p := range parts {
		count[names[p]]++
	}
	fmt.Println(cloud.Len(), "points of", count)
	// Output:
	// [bolt chair cup hammer lamp table teapot wheel]
	// 1024 points of map[back:368 legs:296 seat:360]
}

func ExampleWrite() {
	dir, err := os.MkdirTemp("", "solids")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	err = solids.Write(dir, solids.Options{Train: 4, Test: 1}, rand.New(rand.NewPCG(1, 2)))
	files, _ := filepath.Glob(filepath.Join(dir, "*", "*", "*.stl"))
	fmt.Println(len(files), "files", err)
	// Output: 60 files <nil>
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}
