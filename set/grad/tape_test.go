package grad_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/internal/gradtest"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// model is several operations that share parameters and values.
type model struct{ w, b, gain, bias, seeds *grad.Param }

func newModel() model {
	return model{gradtest.Normal(1, 3, 4), gradtest.Normal(2, 1, 4), gradtest.Normal(3, 1, 4), gradtest.Normal(4, 1, 4), gradtest.Normal(5, 2, 4)}
}

func (m model) params() []*grad.Param { return []*grad.Param{m.w, m.b, m.gain, m.bias, m.seeds} }

func (m model) loss(t *grad.Tape, x grad.Value) grad.Value {
	h := t.AffineReLU(x, t.Param(m.w), t.Param(m.b))
	h = t.LayerNorm(t.Add(h, t.Attend(h, h, h, grad.Attention{Heads: 2})), t.Param(m.gain), t.Param(m.bias))
	p := t.Dropout(t.Attend(t.Param(m.seeds), h, h, grad.Attention{Heads: 2, Residual: true}), 0.25)
	z := t.Add(t.Mean(p), t.Max(h))
	return loss.CrossEntropy(t, z, make([]int, z.Len()), 0.1)
}

// clone copies the gradients of params.
func clone(g *grad.Gradients, params []*grad.Param) [][]float32 {
	var all [][]float32
	for _, p := range params {
		all = append(all, slices.Clone(g.Of(p)))
	}
	return all
}

// Tapes of several goroutines may share one model.
func TestTapesShareAModel(t *testing.T) {
	m, x := newModel(), gradtest.Ragged(1, 3, 40, 0, 1, 300)
	run := func(tape *grad.Tape, seed uint64) (float32, [][]float32) {
		tape.Reseed(rand.New(rand.NewPCG(seed, 0)))
		l := m.loss(tape, grad.Const(x))
		return l.Values[0], clone(tape.Gradients(l), m.params())
	}
	const n = 4
	losses, grads := make([]float32, n), make([][][]float32, n)
	for i := range n {
		losses[i], grads[i] = run(grad.NewTape(nil), uint64(i))
	}
	require.NotEqual(t, losses[0], losses[1], "dropout differs")
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			tape := grad.NewTape(nil)
			for range 5 {
				l, g := run(tape, uint64(i))
				assert.Equal(t, losses[i], l)
				assert.Equal(t, grads[i], g)
				tape.Reset()
			}
		})
	}
	wg.Wait()
}

// One tape may differentiate several values, one after another: each
// gradient is that of its own value.
func TestSeveralGradientsOfOneTape(t *testing.T) {
	x := gradtest.Usual(1, 3)
	w := gradtest.Normal(2, 3, 2)
	tape := grad.NewTape(nil)
	v := tape.Input(x)
	a := tape.Tanh(tape.Affine(v, tape.Param(w), grad.Value{}))
	l1, l2 := loss.SquaredError(tape, a, set.Batch{Dim: 2, Offsets: x.Offsets, Values: make([]float32, 2*x.Len())}), loss.CrossEntropy(tape, a, make([]int, x.Len()), 0)

	alone := func(loss func(t *grad.Tape, a grad.Value) grad.Value) ([]float32, []float32) {
		t := grad.NewTape(nil)
		v := t.Input(x)
		g := t.Gradients(loss(t, t.Tanh(t.Affine(v, t.Param(w), grad.Value{}))))
		return slices.Clone(g.Of(w)), slices.Clone(g.At(v))
	}
	w1, v1 := alone(func(t *grad.Tape, a grad.Value) grad.Value {
		return loss.SquaredError(t, a, set.Batch{Dim: 2, Offsets: x.Offsets, Values: make([]float32, 2*x.Len())})
	})
	w2, v2 := alone(func(t *grad.Tape, a grad.Value) grad.Value { return loss.CrossEntropy(t, a, make([]int, x.Len()), 0) })

	g1 := tape.Gradients(l1)
	assert.Equal(t, v1, g1.At(v))
	g2 := tape.Gradients(l2)
	assert.Equal(t, w1, g1.Of(w), "the first keeps its gradient of parameters")
	assert.Equal(t, w2, g2.Of(w))
	assert.Equal(t, v2, g2.At(v))
	g3 := tape.Gradients(l1)
	assert.Equal(t, w1, g3.Of(w), "the same once more")
	assert.Equal(t, v1, g3.At(v))
}

// Gradients that are used again hold the gradients of the last loss only.
func TestGradientsInto(t *testing.T) {
	w, v := gradtest.Normal(1, 3, 1), gradtest.Normal(2, 3, 1)
	x := grad.Const(set.Of(3, []float32{1, 2, 3}))
	tape := grad.NewTape(nil)
	var g grad.Gradients
	tape.GradientsInto(&g, tape.Add(tape.Affine(x, tape.Param(w), grad.Value{}), tape.Affine(x, tape.Param(v), grad.Value{})))
	assert.Equal(t, []float32{1, 2, 3}, g.Of(w))
	was := &g.Of(w)[0]
	kept := g.Clone()
	tape.Reset()
	assert.Equal(t, []float32{1, 2, 3}, g.Of(w), "a reset tape leaves them")
	tape.GradientsInto(&g, tape.Scale(tape.Affine(x, tape.Param(w), grad.Value{}), 2))
	assert.Equal(t, []float32{2, 4, 6}, g.Of(w))
	assert.Same(t, was, &g.Of(w)[0], "in the same memory")
	assert.Nil(t, g.Of(v), "which the last loss ignored")
	assert.Equal(t, []float32{1, 2, 3}, kept.Of(v))
	var shape *set.ShapeError
	assert.ErrorAs(t, set.Try(func() { tape.GradientsInto(&g, x) }), &shape)
}

// A value that is used several times gathers all of its gradients.
func TestGradientsGather(t *testing.T) {
	tape := grad.NewTape(nil)
	x := tape.Input(set.Of(1, []float32{3}))
	y := tape.Add(tape.Multiply(x, x), tape.Scale(x, 5)) // x² + 5x
	assert.Equal(t, []float32{11}, tape.Gradients(y).At(x))
}

func TestGradientsOfNothing(t *testing.T) {
	tape := grad.NewTape(nil)
	w, other := gradtest.Normal(1, 2, 1), gradtest.Normal(2, 2, 1)
	x, unused := tape.Input(set.Of(2, []float32{1, 2})), tape.Input(set.Of(2, []float32{1, 2}))
	tape.Affine(x, tape.Param(other), grad.Value{}) // has no part in the loss
	g := tape.Gradients(tape.Affine(x, tape.Param(w), grad.Value{}))
	assert.Equal(t, []float32{1, 2}, g.Of(w))
	assert.Nil(t, g.Of(other))
	assert.Nil(t, g.At(unused))
	assert.Nil(t, g.At(grad.Const(set.Of(1, []float32{1}))))

	one := grad.Const(set.Of(1, []float32{1}))
	assert.Nil(t, tape.Gradients(one).Of(w), "a constant loss")
	var none *grad.Tape
	assert.Nil(t, none.Gradients(none.Affine(grad.Const(x.Batch), none.Param(w), grad.Value{})).Of(w), "nil tape")
	still := grad.NewScratch(nil)
	assert.Nil(t, still.Gradients(still.Affine(still.Input(x.Batch), still.Param(w), grad.Value{})).Of(w), "scratch tape")
}

// The gradient of a parameter or input itself.
func TestGradientsOfALeaf(t *testing.T) {
	tape := grad.NewTape(nil)
	w := gradtest.Normal(1, 1, 1)
	v := tape.Param(w)
	assert.Equal(t, []float32{1}, tape.Gradients(v).Of(w))
	x := tape.Input(set.Of(1, []float32{2}))
	g := tape.Gradients(x)
	assert.Equal(t, []float32{1}, g.At(x))
	assert.Nil(t, g.Of(w), "left from before")
}

func TestRecording(t *testing.T) {
	var none *grad.Tape
	assert.False(t, none.Recording())
	assert.False(t, grad.NewScratch(nil).Recording())
	rng := rand.New(rand.NewPCG(1, 1))
	tape := grad.NewTape(rng)
	assert.True(t, tape.Recording())
	assert.True(t, tape.Training())
	assert.Same(t, rng, tape.Rand())
	assert.False(t, none.Training())
	assert.False(t, grad.NewScratch(rng).Training())
	assert.Same(t, rng, grad.NewScratch(rng).Rand(), "inference may draw")
	var shape *set.ShapeError
	require.ErrorAs(t, set.Try(func() { none.Rand() }), &shape)
	require.ErrorAs(t, set.Try(func() { grad.NewTape(nil).Rand() }), &shape)
}

// Operations of one's own are given what Record promises.
func TestRecord(t *testing.T) {
	tape := grad.NewTape(nil)
	c := grad.Const(set.Of(1, []float32{2}))
	x := tape.Input(set.Of(1, []float32{3}))
	calls := 0
	var lengths []int
	times := func(t *grad.Tape, a, b grad.Value) grad.Value {
		y := t.Like(a.Batch, 1)
		y.Values[0] = a.Values[0] * b.Values[0]
		return t.Record(grad.Op{Name: "times"}, y, func(dy []float32, din [][]float32) {
			calls++
			lengths = append(lengths, len(din))
			if din[0] != nil {
				din[0][0] += dy[0] * b.Values[0]
			}
			if din[1] != nil {
				din[1][0] += dy[0] * a.Values[0]
			}
		}, a, b)
	}
	assert.Equal(t, []float32{6}, times(tape, c, x).Values)
	g := tape.Gradients(times(tape, c, x))
	assert.Equal(t, []float32{2}, g.At(x))
	assert.Equal(t, 1, calls, "only what the loss depends on is asked")
	times(tape, c, c)
	tape.Gradients(times(tape, c, c))
	assert.Equal(t, 1, calls, "of constants nothing is recorded")
	assert.Equal(t, []int{2}, lengths)
}
