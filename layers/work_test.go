package layers_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// workload is one of the workloads that other libraries are measured by too.
type workload struct {
	name  string
	model layers.Config
	sizes []int
	train bool
	mean  bool // loss: squared error rather than cross entropy
}

// flops counts the multiplications and additions that a workload needs if
// keys and values are projected, whether or not they are here.
func (w workload) flops() float64 {
	d := float64(w.model.Dim)
	linear := func(rows, in, out float64) float64 { return 2 * rows * in * out }
	mab := func(n, x, m, y float64) float64 {
		return linear(n, x, d) + 2*linear(m, y, d) + 4*n*m*d + linear(n, d, d)
	}
	var total float64
	for _, size := range w.sizes {
		n, in, points, seeds := float64(size), float64(w.model.In), float64(w.model.Inducing), float64(w.model.Seeds)
		for range 2 {
			if points > 0 {
				total += mab(points, d, n, in) + mab(n, in, points, d)
			} else {
				total += mab(n, in, n, in)
			}
			in = d
		}
		total += mab(seeds, d, n, d) + float64(w.model.Decoder)*mab(seeds, d, seeds, d) + linear(seeds, d, float64(w.model.Out))
	}
	if w.train {
		return 3 * total
	}
	return total
}

func several(n, size int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = size
	}
	return s
}

func between(n, lo, hi int) []int {
	rng := rand.New(rand.NewPCG(1, 1))
	s := make([]int, n)
	for i := range s {
		s[i] = lo + rng.IntN(hi-lo+1)
	}
	return s
}

var (
	mixture = layers.Config{In: 2, Dim: 128, Heads: 4, Inducing: 32, Seeds: 4, Out: 5, Decoder: 1, Scale: layers.ScaleHead}
	shapes  = layers.Config{In: 3, Dim: 128, Heads: 4, Inducing: 16, Seeds: 1, Out: 40, Scale: layers.ScaleHead}
	largest = layers.Config{In: 1, Dim: 64, Heads: 4, Seeds: 1, Out: 1, Scale: layers.ScaleHead}
	full    = layers.Config{In: 3, Dim: 128, Heads: 4, Seeds: 1, Out: 40, Scale: layers.ScaleHead}
	skewed  = append([]int{2048}, between(63, 16, 128)...)
)

var workloads = []workload{
	{"train/cluster-ragged", mixture, between(10, 100, 500), true, true},
	{"train/cluster-equal", mixture, several(10, 300), true, true},
	{"train/cloud-1024", shapes, several(16, 1024), true, false},
	{"train/max-regression", largest, between(128, 1, 10), true, true},
	{"train/skewed", shapes, skewed, true, false},
	{"infer/cloud-1024", shapes, several(1, 1024), false, false},
	{"infer/cloud-batch", shapes, several(64, 1024), false, false},
	{"infer/skewed", shapes, skewed, false, false},
	{"infer/sab-2048", full, several(1, 2048), false, false},
	{"train/sab-2048", full, several(1, 2048), true, false},
	{"infer/sab-16384", full, several(1, 16384), false, false},
}

// example is one set of a minibatch with what should come of it.
type example struct {
	x, y  set.Batch
	class int
}

func (w workload) examples(m layers.Layer, rng *rand.Rand) []example {
	es := make([]example, len(w.sizes))
	for i, n := range w.sizes {
		x := set.New(w.model.In, n)
		for j := range x.Values {
			x.Values[j] = float32(rng.NormFloat64())
		}
		y := layers.Apply(m, x)
		for j := range y.Values {
			y.Values[j] = float32(rng.NormFloat64())
		}
		es[i] = example{x, y, rng.IntN(w.model.Out)}
	}
	return es
}

func (w workload) loss(m layers.Layer) train.Each[example] {
	return func(t *grad.Tape, es []example) grad.Value {
		x, y, class := make([]set.Batch, len(es)), make([]set.Batch, len(es)), make([]int, len(es))
		for i, e := range es {
			x[i], y[i], class[i] = e.x, e.y, e.class
		}
		z := m.Forward(t, grad.Const(set.Concat(x...)))
		if w.mean {
			return loss.SquaredError(t, z, set.Concat(y...))
		}
		return loss.CrossEntropy(t, z, class, 0)
	}
}

// step returns a whole training step, optimizer included, or a whole
// inference.
func (w workload) step() func() {
	rng := rand.New(rand.NewPCG(1, 2))
	m := layers.NewSetTransformer(w.model, rng)
	es := w.examples(m, rng)
	if !w.train {
		x := make([]set.Batch, len(es))
		for i, e := range es {
			x[i] = e.x
		}
		all := set.Concat(x...)
		return func() { layers.Apply(m, all) }
	}
	weights, opt := layers.Weights(m, nil, nil), &optim.AdamW{}
	rule := train.Chunks(w.loss(m), 0)
	return func() {
		g, _ := rule.Gradient(es, weights, rng)
		opt.Step(weights, g)
	}
}

func BenchmarkWork(b *testing.B) {
	for _, w := range workloads {
		b.Run(w.name, func(b *testing.B) {
			step := w.step()
			step()
			step()
			b.ReportAllocs()
			for b.Loop() {
				step()
			}
			b.ReportMetric(float64(len(w.sizes)*b.N)/b.Elapsed().Seconds(), "items/s")
			b.ReportMetric(w.flops()*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

// A step allocates little beyond the first: a few small things for each
// operation, none of them as large as its data.
func TestAllocations(t *testing.T) {
	if racing {
		t.Skip("the race detector allocates")
	}
	most := map[string]float64{"train/cluster-ragged": 1700, "train/max-regression": 1500, "infer/cloud-1024": 135}
	for _, w := range workloads {
		if n, ok := most[w.name]; ok {
			step := w.step()
			step()
			require.LessOrEqual(t, testing.AllocsPerRun(3, step), n, w.name)
		}
	}
}
