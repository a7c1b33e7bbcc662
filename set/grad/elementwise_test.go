package grad_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/internal/gradtest"
	"setwise/set"
	"setwise/set/grad"
)

func TestArithmetic(t *testing.T) {
	combine := func(f func(a, b float64) float64) func(x []gradtest.Sets) gradtest.Sets {
		return func(x []gradtest.Sets) gradtest.Sets {
			z := gradtest.Zeros(x[0].Off, x[0].Dim)
			for i := range z.V {
				z.V[i] = f(x[0].V[i], x[len(x)-1].V[i%len(x[len(x)-1].V)])
			}
			return z
		}
	}
	x, y := gradtest.Usual(1, 3), gradtest.Usual(2, 3)
	for _, c := range []gradtest.Check{
		{Name: "add", In: []set.Batch{x, y},
			Op:   func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Add(in[0], in[1]) },
			Twin: combine(func(a, b float64) float64 { return a + b })},
		{Name: "sub", In: []set.Batch{x, y},
			Op:   func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Sub(in[0], in[1]) },
			Twin: combine(func(a, b float64) float64 { return a - b })},
		{Name: "multiply", In: []set.Batch{x, y},
			Op:   func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Multiply(in[0], in[1]) },
			Twin: combine(func(a, b float64) float64 { return a * b })},
		{Name: "add to itself", In: []set.Batch{x},
			Op:   func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Add(in[0], in[0]) },
			Twin: combine(func(a, _ float64) float64 { return 2 * a })},
		{Name: "multiply by itself", In: []set.Batch{x},
			Op:   func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Multiply(in[0], in[0]) },
			Twin: combine(func(a, _ float64) float64 { return a * a })},
		{Name: "scale", In: []set.Batch{x},
			Op:   func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Scale(in[0], -2.5) },
			Twin: combine(func(a, _ float64) float64 { return -2.5 * a })},
		{Name: "shift", In: []set.Batch{x}, Params: []*grad.Param{gradtest.Normal(3, 1, 3)},
			Op:   func(t *grad.Tape, in, p []grad.Value) grad.Value { return t.Shift(in[0], p[0]) },
			Twin: combine(func(a, b float64) float64 { return a + b })},
	} {
		c.Apart = []int{0, 1}[:len(c.In)]
		c.Run(t)
	}
	large := gradtest.Ragged(3, 64, 700, 900)
	(&gradtest.Check{Name: "add many", Huge: true, In: []set.Batch{large, gradtest.Ragged(4, 64, 700, 900)}, Apart: []int{0, 1},
		Op:   func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Add(in[0], in[1]) },
		Twin: combine(func(a, b float64) float64 { return a + b })}).Run(t)
}

func TestFunctions(t *testing.T) {
	x := set.Concat(gradtest.Usual(1, 3), set.Of(3, []float32{-30, 30, -9, 9, -100, 100, 1e-3, -1e-3, 88}))
	moderate := set.Concat(gradtest.Usual(1, 3), set.Of(3, []float32{-30, 3, -9, 1.5, -100, 2, 1e-3, -1e-3, 4}))
	each := func(f func(a float64) float64) func(x []gradtest.Sets) gradtest.Sets {
		return func(x []gradtest.Sets) gradtest.Sets {
			y := gradtest.Zeros(x[0].Off, x[0].Dim)
			for i, a := range x[0].V {
				y.V[i] = f(a)
			}
			return y
		}
	}
	for _, c := range []struct {
		name string
		x    set.Batch
		op   func(*grad.Tape, grad.Value) grad.Value
		twin func(a float64) float64
	}{
		{"relu", x, (*grad.Tape).ReLU, func(a float64) float64 { return max(a, 0) }},
		{"silu", x, (*grad.Tape).SiLU, func(a float64) float64 { return a / (1 + math.Exp(-a)) }},
		{"gelu", x, (*grad.Tape).GELU, func(a float64) float64 {
			return a / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(a+0.044715*a*a*a)))
		}},
		{"tanh", x, (*grad.Tape).Tanh, math.Tanh},
		{"sigmoid", x, (*grad.Tape).Sigmoid, func(a float64) float64 { return 1 / (1 + math.Exp(-a)) }},
		{"exp", moderate, (*grad.Tape).Exp, math.Exp},
		{"softplus", x, (*grad.Tape).Softplus, func(a float64) float64 { return math.Log1p(math.Exp(-math.Abs(a))) + max(a, 0) }},
		{"sin", x, (*grad.Tape).Sin, math.Sin},
		{"cos", x, (*grad.Tape).Cos, math.Cos},
	} {
		one := func(t *grad.Tape, in, _ []grad.Value) grad.Value { return c.op(t, in[0]) }
		(&gradtest.Check{Name: c.name, In: []set.Batch{c.x}, Op: one, Twin: each(c.twin), Apart: []int{0}}).Run(t)
		(&gradtest.Check{Name: c.name + " many", In: []set.Batch{gradtest.Ragged(5, 8, 9000, 1)}, Huge: true, Op: one, Twin: each(c.twin), Apart: []int{0}}).Run(t)
	}
}

// At 0 the positive part is taken to be flat.
func TestReLUAtZero(t *testing.T) {
	tape := grad.NewTape(nil)
	x := tape.Input(set.Of(1, []float32{0, float32(math.Copysign(0, -1)), 1}))
	y := tape.ReLU(x)
	assert.Equal(t, []float32{0, 0, 1}, y.Values)
	assert.Equal(t, []float32{0, 0, 1}, tape.GradientsFrom(y, []float32{1, 1, 1}).At(x))
}

// Activations of numbers as large as float32 has stay finite where their
// values are, and so do their gradients.
func TestFunctionsFarOut(t *testing.T) {
	big := float32(1e30)
	for name, f := range map[string]func(*grad.Tape, grad.Value) grad.Value{
		"tanh": (*grad.Tape).Tanh, "sigmoid": (*grad.Tape).Sigmoid, "softplus": (*grad.Tape).Softplus, "relu": (*grad.Tape).ReLU,
		"sin": (*grad.Tape).Sin,
	} {
		tape := grad.NewTape(nil)
		x := tape.Input(set.Of(1, []float32{-big, big, -1e4, 1e4, -88, 88, -1e-38, 1e-38}))
		y := f(tape, x)
		g := tape.GradientsFrom(y, []float32{1, 1, 1, 1, 1, 1, 1, 1}).At(x)
		for i := range y.Values {
			assert.False(t, isNaNOrInf(y.Values[i]), "%s(%g) = %g", name, x.Values[i], y.Values[i])
			assert.False(t, isNaNOrInf(g[i]), "slope of %s at %g = %g", name, x.Values[i], g[i])
		}
	}
}

func isNaNOrInf(x float32) bool { return math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) }

func TestDropout(t *testing.T) {
	x := gradtest.Ragged(1, 7, 3001, 0, 1)
	for i := range x.Values {
		x.Values[i] += 3 // so that no number is zero of itself
	}
	for _, p := range []float32{0.1, 0.5, 0.9} {
		tape := grad.NewTape(rand.New(rand.NewPCG(1, 2)))
		v := tape.Input(x)
		y := tape.Dropout(v, p)
		require.Equal(t, x.Offsets, y.Offsets)
		dy := gradtest.Ragged(2, 7, 3001, 0, 1).Values
		g := tape.GradientsFrom(y, dy).At(v)
		dropped, up := 0, 1/(1-p)
		var before, after float64
		for i, a := range x.Values {
			before, after = before+float64(a), after+float64(y.Values[i])
			if y.Values[i] == 0 {
				dropped++
				assert.Zero(t, g[i])
				continue
			}
			assert.Equal(t, a*up, y.Values[i])
			assert.Equal(t, dy[i]*up, g[i])
		}
		n := float64(len(x.Values))
		assert.InDelta(t, float64(p), float64(dropped)/n, 4*math.Sqrt(float64(p*(1-p))/n), "the share that is dropped")
		assert.InDelta(t, 1, after/before, 5*math.Sqrt(float64(p/(1-p))/n)*1.2, "the mean")

		again := grad.NewTape(rand.New(rand.NewPCG(1, 2)))
		assert.Equal(t, y.Values, again.Dropout(grad.Const(x), p).Values, "the same chance")
		assert.NotEqual(t, y.Values, again.Dropout(grad.Const(x), p).Values, "new chance")
		again.Reseed(rand.New(rand.NewPCG(1, 2)))
		assert.Equal(t, y.Values, again.Dropout(grad.Const(x), p).Values, "reseeded")
	}
	var none *grad.Tape
	assert.Equal(t, x, none.Dropout(grad.Const(x), 0.5).Batch, "nil tape")
	assert.Equal(t, x, grad.NewScratch(nil).Dropout(grad.Const(x), 0.5).Batch, "scratch tape")
	assert.Equal(t, x, grad.NewTape(nil).Dropout(grad.Const(x), 0).Batch, "no probability")
	for _, p := range []float32{-0.1, 1, 2, float32(math.NaN())} {
		var shape *set.ShapeError
		assert.ErrorAs(t, set.Try(func() { grad.NewTape(rand.New(rand.NewPCG(1, 1))).Dropout(grad.Const(x), p) }), &shape, "%v", p)
	}
}

// Neighbouring numbers are dropped independently of each other.
func TestDropoutIndependence(t *testing.T) {
	x := set.New(1, 100_000)
	for i := range x.Values {
		x.Values[i] = 1
	}
	y := grad.NewTape(rand.New(rand.NewPCG(3, 4))).Dropout(grad.Const(x), 0.5).Values
	for _, lag := range []int{1, 2, 3} {
		both := 0
		for i := lag; i < len(y); i++ {
			if y[i] == 0 && y[i-lag] == 0 {
				both++
			}
		}
		assert.InDelta(t, 0.25, float64(both)/float64(len(y)), 0.006, "lag %d", lag)
	}
}
