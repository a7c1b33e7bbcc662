package tensor_test

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"setwise/io/tensor"
)

func Example() {
	dir, err := os.MkdirTemp("", "tensor")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "weights.safetensors")

	err = tensor.WriteFile(name, &tensor.File{
		Tensors: map[string]*tensor.Tensor{
			"weight": tensor.Of([]float32{1, 2, 3, 4, 5, 6}, 2, 3),
			"steps":  tensor.Of([]int64{1000}),
		},
		Metadata: map[string]string{"made for": "an example"},
	})
	if err != nil {
		log.Fatal(err)
	}

	f, err := tensor.Open(name, tensor.Limits{}) // a file of torch.save would do as well
	if err != nil {
		log.Fatal(err)
	}
	w := f.Tensors["weight"]
	values, err := w.Float32s()
	fmt.Println(w, values, err)
	fmt.Println(f.Metadata["made for"])
	// Output:
	// F32 [2 3] [1 2 3 4 5 6] <nil>
	// an example
}

func ExampleRead() {
	// A tensor of four bytes whose header says eight.
	header := `{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`
	file := append([]byte{byte(len(header)), 0, 0, 0, 0, 0, 0, 0}, header+"1234"...)
	_, err := tensor.Read(bytes.NewReader(file), tensor.Limits{})
	fmt.Println(err)
	// Output:
	// safetensors: tensor "x": want 8 bytes for F32 [2], got bytes 0 to 4
}
