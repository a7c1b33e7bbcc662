package loss_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// Arguments that do not fit together panic with a *set.ShapeError that names
// the loss.
func TestShapeErrors(t *testing.T) {
	b := func(dim int, sizes ...int) grad.Value { return grad.Const(set.New(dim, sizes...)) }
	x := b(3, 2, 1)
	for _, c := range []struct {
		name, op string
		f        func(t *grad.Tape)
	}{
		{"elements", "loss.SquaredError", func(t *grad.Tape) { loss.SquaredError(t, x, set.New(3, 2)) }},
		{"elements", "loss.AbsoluteError", func(t *grad.Tape) { loss.AbsoluteError(t, x, set.New(2, 2, 1)) }},
		{"classes", "loss.CrossEntropy", func(t *grad.Tape) { loss.CrossEntropy(t, x, []int{0, 1}, 0) }},
		{"class above", "loss.CrossEntropy", func(t *grad.Tape) { loss.CrossEntropy(t, x, []int{0, 1, 3}, 0) }},
		{"class below", "loss.CrossEntropy", func(t *grad.Tape) { loss.CrossEntropy(t, x, []int{0, 1, -1}, 0) }},
		{"smoothing", "loss.CrossEntropy", func(t *grad.Tape) { loss.CrossEntropy(t, x, []int{0, 1, 2}, 1) }},
		{"negative smoothing", "loss.CrossEntropy", func(t *grad.Tape) { loss.CrossEntropy(t, x, []int{0, 1, 2}, -0.1) }},
		{"no smoothing", "loss.CrossEntropy", func(t *grad.Tape) { loss.CrossEntropy(t, x, []int{0, 1, 2}, math.NaN()) }},
		{"negative count", "loss.Poisson", func(t *grad.Tape) { loss.Poisson(t, b(1, 1), set.Of(1, []float32{-1})) }},
		{"no count", "loss.Poisson", func(t *grad.Tape) { loss.Poisson(t, b(1, 1), set.Of(1, []float32{float32(math.NaN())})) }},
		{"elements", "loss.Poisson", func(t *grad.Tape) { loss.Poisson(t, x, set.New(3, 2)) }},
		{"width", "loss.GaussianMixture", func(t *grad.Tape) { loss.GaussianMixture(t, x, set.New(2, 2, 2)) }},
		{"sets", "loss.GaussianMixture", func(t *grad.Tape) { loss.GaussianMixture(t, x, set.New(1, 2)) }},
		{"width", "loss.Gaussian", func(t *grad.Tape) { loss.Gaussian(t, x, set.New(3, 2, 1)) }},
		{"sets", "loss.Gaussian", func(t *grad.Tape) { loss.Gaussian(t, b(4, 2, 1), set.New(2, 3)) }},
		{"elements", "loss.Gaussian", func(t *grad.Tape) { loss.Gaussian(t, b(4, 2, 1), set.New(2, 1, 2)) }},
		{"width", "loss.EMStep", func(t *grad.Tape) { loss.EMStep(t, x, b(2, 2, 2)) }},
		{"no components", "loss.GaussianMixture", func(t *grad.Tape) { loss.GaussianMixture(t, b(3, 2, 0), set.New(1, 2, 1)) }},
	} {
		t.Run(c.op+"/"+c.name, func(t *testing.T) {
			err := set.Try(func() { c.f(grad.NewTape(nil)) })
			var shape *set.ShapeError
			require.ErrorAs(t, err, &shape)
			assert.Equal(t, c.op, shape.Op)
			assert.Contains(t, shape.Error(), "want ")
		})
	}
}
