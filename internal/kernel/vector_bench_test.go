package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkVector reports the time for an element in the first cache.
func BenchmarkVector(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	const rows = 32
	for _, cols := range []int{128, 16} {
		const n = rows * 128
		w, x, y, z := random(rng, n), random(rng, n), random(rng, n), random(rng, n)
		top, sum, fix := random(rng, rows), random(rng, rows), random(rng, rows)
		bias, gain := random(rng, cols), random(rng, cols)
		used := rows * cols
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
			{"ScaleRows", func() { ScaleRows(x, rows, cols, cols, top) }},
			{"RowDots", func() { RowDots(top, x, z, rows, cols, cols, cols) }},
			{"SoftmaxRows", func() { SoftmaxRows(y, rows, cols, cols, 0.3, top, sum, fix) }},
			{"ProbRows", func() { ProbRows(y, rows, cols, cols, 0.3, top) }},
			{"SoftmaxGradRows", func() { SoftmaxGradRows(x, y, rows, cols, cols, 0.3, top) }},
			{"LayerNorm", func() { LayerNorm(y, x, gain, bias, rows, cols, 1e-5, top, sum) }},
			{"LayerNormGrad", func() { LayerNormGrad(y, bias, fix[:0:0], z, x, gain, top, sum, 0, cols) }},
		} {
			if f.name == "LayerNormGrad" {
				dgain, dbias := random(rng, cols), random(rng, cols)
				f.run = func() { LayerNormGrad(y, dgain, dbias, z, x, gain, top, sum, rows, cols) }
			}
			for _, bits := range []int{512, 256, 0} {
				if bits > best {
					continue
				}
				b.Run(fmt.Sprintf("%s/%d/%d", f.name, cols, bits), func(b *testing.B) {
					setLevel(b, bits)
					for b.Loop() {
						f.run()
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(used), "ns/element")
				})
			}
		}
	}
}
