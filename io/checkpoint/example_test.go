package checkpoint_test

import (
	"errors"
	"fmt"
	"log"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers"
	"setwise/set"
)

func Example() {
	dir, err := os.MkdirTemp("", "checkpoint")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "model.safetensors")

	config := layers.Config{In: 3, Out: 10, Dim: 16, Inducing: 4}
	model := layers.NewSetTransformer(config, rand.New(rand.NewPCG(1, 2)))
	if err := checkpoint.Save(name, model, checkpoint.Contents{Config: config}); err != nil {
		log.Fatal(err)
	}

	f, err := checkpoint.Open(name, tensor.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	var saved layers.Config
	if err := f.Config(&saved); err != nil {
		log.Fatal(err)
	}
	if err := errors.Join(saved.Validate(), f.Fits(saved.Count())); err != nil {
		log.Fatal(err) // before memory is taken for it
	}
	again := layers.NewSetTransformer(saved, rand.New(rand.NewPCG(3, 4)))
	if err := f.Load(again); err != nil {
		log.Fatal(err)
	}
	x := set.Of(3, []float32{0, 0, 0, 1, 2, 3})
	fmt.Println(layers.Apply(model, x).Values[0] == layers.Apply(again, x).Values[0])
	// Output: true
}

func ExampleFile_Load() {
	dir, err := os.MkdirTemp("", "checkpoint")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "small.safetensors")

	rng := rand.New(rand.NewPCG(1, 2))
	small := layers.Stack{layers.NewLinear(3, 4, rng), layers.NewNorm(4)}
	if err := checkpoint.Save(name, small, checkpoint.Contents{}); err != nil {
		log.Fatal(err)
	}
	f, err := checkpoint.Open(name, tensor.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	large := layers.Stack{layers.NewLinear(3, 5, rng), layers.ReLU, layers.NewLinear(5, 1, rng)}
	var mismatch *checkpoint.MismatchError
	if errors.As(f.Load(large), &mismatch) {
		fmt.Println("missing:", mismatch.Missing)
		fmt.Println("left over:", mismatch.Extra)
		fmt.Println("of another shape:", mismatch.Shapes)
	}
	// Output:
	// missing: [2.Bias 2.Weight]
	// left over: [1.Bias 1.Gain]
	// of another shape: [0.Bias (want F32 [1 5], got F32 [1 4]) 0.Weight (want F32 [3 5], got F32 [3 4])]
}

func ExampleFromTorch() {
	f, err := tensor.Open("../../layers/testdata/reference/set_transformer.pt", tensor.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	model, _, err := checkpoint.FromTorch(f.Tensors, checkpoint.Torch{})
	if err != nil {
		log.Fatal(err)
	}
	y := layers.Apply(model, set.Of(2, []float32{0, 1, 1, 0, 1, 1}))
	fmt.Println(layers.Count(model), "weights,", y.Len(), "outputs of width", y.Dim)
	// Output: 27493 weights, 4 outputs of width 5
}

func ExampleLoadTorch() {
	// A nn.Linear(3, 2) in a checkpoint of Lightning's.
	f, err := tensor.Open("testdata/pt-lightning.pt", tensor.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	model := layers.NewLinear(3, 2, rand.New(rand.NewPCG(1, 2)))
	found, err := checkpoint.LoadTorch(f.Tensors, model)
	fmt.Println(found, err)
	fmt.Println(layers.Apply(model, set.Of(3, []float32{1, 1, 1})).Values)
	// Output:
	// took the weights below "state_dict.model." <nil>
	// [4 14]
}

func ExampleToTorch() {
	dir, err := os.MkdirTemp("", "torch")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	model := layers.Stack{
		layers.NewLinear(3, 8, rand.New(rand.NewPCG(1, 2))),
		layers.ReLU,
		layers.NewLinear(8, 2, rand.New(rand.NewPCG(3, 4))),
	}
	weights, err := checkpoint.ToTorch(model, nil)
	if err != nil {
		log.Fatal(err)
	}
	// In Python: nn.Sequential(...).load_state_dict(torch.load(name, weights_only=True))
	name := filepath.Join(dir, "weights.pt")
	if err := tensor.WritePTFile(name, &tensor.File{Tensors: weights}); err != nil {
		log.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(weights)) {
		fmt.Println(name, weights[name])
	}
	// Output:
	// 0.bias F32 [8]
	// 0.weight F32 [8 3]
	// 2.bias F32 [2]
	// 2.weight F32 [2 8]
}
