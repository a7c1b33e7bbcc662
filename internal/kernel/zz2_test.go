//go:build amd64 && !noasm

package kernel

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
)

func TestZZVec(t *testing.T) {
	if os.Getenv("ZZ") == "" {
		t.Skip()
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, cols := range []int{128, 16, 10, 64} {
		rows := 32
		n := rows * cols
		w, x, y, z := random(rng, n), random(rng, n), random(rng, n), random(rng, n)
		top, sum, fix := random(rng, rows), random(rng, rows), random(rng, rows)
		bias, gain, dg := random(rng, cols), random(rng, cols), random(rng, cols)
		for _, f := range []struct {
			name string
			run  func()
		}{
			{"Exp", func() { Exp(y, x) }},
			{"Tanh", func() { Tanh(y, x) }},
			{"Sigmoid", func() { Sigmoid(y, x) }},
			{"GELU", func() { GELU(y, x) }},
			{"GELUGrad", func() { GELUGrad(y, x, z) }},
			{"ReLU", func() { ReLU(y, x) }},
			{"Add", func() { Add(y, x, z) }},
			{"Dot", func() { Dot(x, z) }},
			{"Sum", func() { Sum(x) }},
			{"SumSquares", func() { SumSquares(x) }},
			{"Adam", func() { Adam(y, x, w, z, 1e-3, 0.9, 0.999, 1e-8, 0.1, 0.1, 0) }},
			{"BiasReLU", func() { BiasReLU(y, rows, cols, bias) }},
			{"ColSum", func() { ColSum(bias, x, rows, cols) }},
			{"ScaleRows", func() { ScaleRows(x, rows, cols, cols, top); top[0] = 1 }},
			{"RowDots", func() { RowDots(top, x, z, rows, cols, cols, cols) }},
			{"SoftmaxRows", func() { copy(y, w); SoftmaxRows(y, rows, cols, cols, 0.3, top, sum, fix) }},
			{"copy", func() { copy(y, w) }},
			{"ProbRows", func() { copy(y, w); ProbRows(y, rows, cols, cols, 0.3, top) }},
			{"SoftmaxGradRows", func() { copy(y, w); SoftmaxGradRows(y, x, rows, cols, cols, 0.3, top) }},
			{"LayerNorm", func() { LayerNorm(y, x, gain, bias, rows, cols, 1e-5, top, sum) }},
			{"LayerNormGrad", func() { copy(y, w); LayerNormGrad(y, dg, bias, z, x, gain, top, sum, rows, cols) }},
		} {
			fmt.Printf("%-16s %4d", f.name, cols)
			for _, l := range []int{512, 256, 0} {
				level = l
				copy(x, w)
				for i := range top {
					top[i], sum[i] = 0.5, 1
				}
				fmt.Printf("  %d: %6.3f", l, best1(f.run)*1e9/float64(n))
			}
			fmt.Println()
		}
	}
	level = best
}
