package npy_test

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"setwise/io/npy"
)

// Two clouds of three points are saved and read back, one cloud at a time.
func Example() {
	folder, err := os.MkdirTemp("", "npy")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	name := filepath.Join(folder, "points.npy")

	points := []int16{0, 0, 0, 1, 0, 0, 0, 1, 0 /* and */, 5, 5, 5, 6, 5, 5, 5, 6, 5}
	if err := npy.WriteFile(name, points, 2, 3, 3); err != nil {
		log.Fatal(err)
	}
	a, err := npy.Open(name, npy.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(a.Type, a.Shape)
	for i := range a.Shape[0] {
		fmt.Println(a.Rows(i, i+1))
	}
	// Output:
	// <i2 [2 3 3]
	// [0 0 0 1 0 0 0 1 0]
	// [5 5 5 6 5 5 5 6 5]
}

// A file that promises more than it holds is refused before memory is taken.
func ExampleRead() {
	var b bytes.Buffer
	if err := npy.Write(&b, make([]float32, 6), 2, 3); err != nil {
		log.Fatal(err)
	}
	file := bytes.Replace(b.Bytes(), []byte("(2, 3)"), []byte("(999,)"), 1)
	_, err := npy.Read(bytes.NewReader(file), npy.Limits{})
	fmt.Println(err)
	// Output: npy: data at byte 128: want 3996 bytes for shape [999] of <f4, got 24: unexpected EOF
}
