package layers_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// BenchmarkISAB measures what an element of one set costs, in sets of a
// thousand to a million.
func BenchmarkISAB(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			l := layers.NewISAB(128, 16, layers.Block{Dim: 128, Heads: 4}, rng)
			x := set.New(128, n)
			for i := range x.Values {
				x.Values[i] = rng.Float32()
			}
			step := func() { grad.Scratch(func(t *grad.Tape) { l.Forward(t, grad.Const(x)) }) }
			step()
			b.ReportAllocs()
			for b.Loop() {
				step()
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/float64(n), "ns/element")
		})
	}
}
