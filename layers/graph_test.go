package layers_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// The operations of a model, as a tape recorded them: what each one is, what it
// read and what came of it.
func ExampleNames() {
	rng := rand.New(rand.NewPCG(1, 2))
	block := layers.Block{Dim: 32, Heads: 4}
	model := layers.Stack{
		layers.NewISAB(2, 8, block, rng),
		layers.NewPMA(1, block, rng),
		layers.NewLinear(32, 2, rng),
	}
	t := grad.NewTape(nil)
	model.Forward(t, t.Input(set.New(2, 10, 40)))

	names := layers.Names(model)
	for i, step := range t.Steps() {
		var in []string
		for _, from := range step.In {
			switch {
			case from.Param != nil:
				in = append(in, names[from.Param])
			case from.Step >= 0:
				in = append(in, fmt.Sprintf("%%%d", from.Step))
			case from.Offsets != nil:
				in = append(in, fmt.Sprintf("[%d x %d]", from.Len(), from.Dim))
			}
		}
		with := ""
		if step.Op.With != nil && step.Op.Name != "Gather" {
			with = fmt.Sprintf("(%v)", step.Op.With)
		}
		fmt.Printf("%%%d = %s%s %s: %d x %d\n", i, step.Op.Name, with, strings.Join(in, ", "), step.Out.Len(), step.Out.Dim)
	}
	// Output:
	// %0 = Affine 0.Inducing, 0.Write.Attn.Query.Weight, 0.Write.Attn.Query.Bias: 8 x 32
	// %1 = KeyQueries(4) %0, 0.Write.Attn.Key.Weight: 32 x 2
	// %2 = Attend(heads 1, scale 0.1768) %1, [50 x 2], [50 x 2]: 64 x 2
	// %3 = HeadValues(4) %2, 0.Write.Attn.Value.Weight, 0.Write.Attn.Value.Bias: 16 x 32
	// %4 = Gather %0: 16 x 32
	// %5 = Add %4, %3: 16 x 32
	// %6 = AffineReLU %5, 0.Write.FF.In.Weight, 0.Write.FF.In.Bias: 16 x 32
	// %7 = Add %5, %6: 16 x 32
	// %8 = Affine %7, 0.Read.Attn.Key.Weight, 0.Read.Attn.Key.Bias: 16 x 32
	// %9 = Affine %7, 0.Read.Attn.Value.Weight, 0.Read.Attn.Value.Bias: 16 x 32
	// %10 = Affine [50 x 2], 0.Read.Attn.Query.Weight, 0.Read.Attn.Query.Bias: 50 x 32
	// %11 = Attend(heads 4, scale 0.1768, residual) %10, %8, %9: 50 x 32
	// %12 = AffineReLU %11, 0.Read.FF.In.Weight, 0.Read.FF.In.Bias: 50 x 32
	// %13 = Add %11, %12: 50 x 32
	// %14 = Affine 1.Seeds, 1.Write.Attn.Query.Weight, 1.Write.Attn.Query.Bias: 1 x 32
	// %15 = KeyQueries(4) %14, 1.Write.Attn.Key.Weight: 4 x 32
	// %16 = Attend(heads 1, scale 0.1768) %15, %13, %13: 8 x 32
	// %17 = HeadValues(4) %16, 1.Write.Attn.Value.Weight, 1.Write.Attn.Value.Bias: 2 x 32
	// %18 = Gather %14: 2 x 32
	// %19 = Add %18, %17: 2 x 32
	// %20 = AffineReLU %19, 1.Write.FF.In.Weight, 1.Write.FF.In.Bias: 2 x 32
	// %21 = Add %19, %20: 2 x 32
	// %22 = Affine %21, 2.Weight, 2.Bias: 2 x 2
}
