package grad_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/internal/gradtest"
	"setwise/set"
	"setwise/set/grad"
)

// Values of another tape, or from before a tape was reset, are found where
// they are used.
func TestMixedTapes(t *testing.T) {
	x := set.Of(2, []float32{1, 2, 3, 4})
	for name, c := range map[string]struct {
		f    func()
		want string
	}{
		"another tape": {func() {
			a, b := grad.NewTape(nil), grad.NewTape(nil)
			b.Add(a.Input(x), b.Input(x))
		}, "one of another"},
		"a parameter of another tape": {func() {
			a, b := grad.NewTape(nil), grad.NewTape(nil)
			b.Affine(b.Input(x), a.Param(gradtest.Normal(1, 2, 2)), grad.Value{})
		}, "one of another"},
		"no tape": {func() {
			var none *grad.Tape
			none.ReLU(grad.NewTape(nil).Input(x))
		}, "one of another"},
		"a scratch tape": {func() { grad.NewScratch(nil).ReLU(grad.NewTape(nil).Input(x)) }, "one of another"},
		"gradients by another tape": {func() {
			a := grad.NewTape(nil)
			grad.NewTape(nil).GradientsFrom(a.ReLU(a.Input(x)), make([]float32, 4))
		}, "one of another"},
		"after a reset": {func() {
			a := grad.NewTape(nil)
			y := a.ReLU(a.Input(x))
			a.Reset()
			a.ReLU(y)
		}, "before its tape was reset"},
		"a constant after a reset": {func() {
			a := grad.NewTape(nil)
			y := a.ReLU(grad.Const(x))
			a.Reset()
			grad.NewTape(nil).ReLU(y)
		}, "before its tape was reset"},
		"a scratch after a reset": {func() {
			a := grad.NewScratch(nil)
			y := a.ReLU(grad.Const(x))
			a.Reset()
			a.ReLU(y)
		}, "before its tape was reset"},
		"gradients after a reset": {func() {
			a := grad.NewTape(nil)
			y := a.ReLU(a.Input(x))
			a.Reset()
			a.GradientsFrom(y, make([]float32, 4))
		}, "before its tape was reset"},
	} {
		err := set.Try(c.f)
		require.Error(t, err, name)
		assert.Contains(t, err.Error(), c.want, name)
	}
}

// A detached value is a constant, on its own tape and on others.
func TestDetach(t *testing.T) {
	tape := grad.NewTape(nil)
	x := tape.Input(set.Of(1, []float32{3}))
	y := tape.Multiply(x, tape.Detach(x))
	assert.Equal(t, []float32{3}, tape.Gradients(y).At(x), "not 6")
	var none *grad.Tape
	assert.Equal(t, []float32{9}, none.Multiply(none.Detach(y), grad.Const(set.Of(1, []float32{1}))).Values)
}

// A frozen parameter is a constant.
func TestFrozen(t *testing.T) {
	w, b := gradtest.Normal(1, 2, 2), gradtest.Normal(2, 1, 2)
	x := set.Of(2, []float32{1, 2})
	run := func() *grad.Gradients {
		tape := grad.NewTape(nil)
		y := tape.Affine(grad.Const(x), tape.Param(w), tape.Param(b))
		return tape.GradientsFrom(y, []float32{1, 1})
	}
	assert.NotNil(t, run().Of(w))
	w.Frozen = true
	assert.Nil(t, run().Of(w))
	assert.Equal(t, []float32{1, 1}, run().Of(b))
}

// Gains and biases of norms may be constants too.
func TestConstantGain(t *testing.T) {
	x := gradtest.Usual(1, 3)
	gain, bias := gradtest.Normal(1, 1, 3), gradtest.Normal(2, 1, 3)
	for _, norm := range []func(t *grad.Tape, x, gain, bias grad.Value) grad.Value{(*grad.Tape).LayerNorm, (*grad.Tape).SetNorm} {
		run := func() ([]float32, *grad.Gradients) {
			tape := grad.NewTape(nil)
			v := tape.Input(x)
			g := tape.GradientsFrom(norm(tape, v, tape.Param(gain), tape.Param(bias)), gradtest.Usual(2, 3).Values)
			return g.At(v), g
		}
		want, g := run()
		require.NotNil(t, g.Of(gain))
		gain.Frozen = true
		got, some := run()
		assert.Equal(t, want, got)
		assert.Nil(t, some.Of(gain))
		assert.Equal(t, g.Of(bias), some.Of(bias))
		gain.Frozen = false
	}
}

// A tape may record without training, and train without recording.
func TestTrain(t *testing.T) {
	x := set.Of(1, []float32{1, 1, 1, 1, 1, 1, 1, 1})
	rng := func() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }
	tape := grad.NewTape(rng())
	tape.Train(false)
	assert.Equal(t, x.Values, tape.Dropout(tape.Input(x), 0.5).Values)
	tape.Train(true)
	dropped := tape.Dropout(tape.Input(x), 0.5).Values
	assert.NotEqual(t, x.Values, dropped)
	still := grad.NewScratch(rng())
	still.Train(true)
	assert.Equal(t, dropped, still.Dropout(grad.Const(x), 0.5).Values)
}

// Steps tells every operation with its inputs.
func TestSteps(t *testing.T) {
	tape := grad.NewTape(nil)
	w := gradtest.Normal(1, 2, 3)
	x := tape.Input(set.Of(2, []float32{1, 2}))
	c := grad.Const(set.Of(3, []float32{1, 2, 3}))
	y := tape.Scale(tape.Add(tape.Affine(x, tape.Param(w), grad.Value{}), c), 2)
	tape.ReLU(c) // a constant
	var steps []grad.Step
	for i, s := range tape.Steps() {
		require.Equal(t, len(steps), i)
		steps = append(steps, s)
	}
	require.Len(t, steps, 3)
	assert.Equal(t, grad.Op{Name: "Affine"}, steps[0].Op)
	assert.Equal(t, -1, steps[0].In[0].Step)
	assert.Same(t, w, steps[0].In[1].Param)
	assert.Equal(t, 0, steps[1].In[0].Step)
	assert.Equal(t, c.Batch, steps[1].In[1].Batch)
	assert.Equal(t, grad.Op{Name: "Scale", With: float32(2)}, steps[2].Op)
	assert.Equal(t, y.Batch, steps[2].Out)
	for range tape.Steps() {
		break
	}
	tape.Reset()
	for range tape.Steps() {
		t.Error("want nothing after a reset")
	}
	for range grad.NewScratch(nil).Steps() {
		t.Error("want nothing of a scratch tape")
	}
}

// What is kept outlives a reset.
func TestKeep(t *testing.T) {
	for _, n := range []int{3, 1 << 21} {
		tape := grad.NewScratch(nil)
		y := tape.Keep(tape.Repeat(grad.Const(set.New(1, 1)), n).Batch)
		tape.Reset()
		spoil := tape.Repeat(grad.Const(set.Of(1, []float32{5})), n)
		spoil.Offsets[1] = 7
		assert.Equal(t, []float32{0, 0, 0}, y.Values[:3])
		assert.Equal(t, 1, y.Offsets[1])
	}
}
