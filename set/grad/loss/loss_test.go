package loss_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/internal/gradtest"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// oneNumber is the twin of a loss.
func oneNumber(l float64) gradtest.Sets {
	return gradtest.Sets{Dim: 1, Off: set.Offsets{0, 1}, V: []float64{l}}
}

func TestErrorsOfRegression(t *testing.T) {
	for _, c := range []struct {
		name string
		op   func(*grad.Tape, grad.Value, set.Batch) grad.Value
		twin func(d float64) float64
	}{
		{"squared", loss.SquaredError, func(d float64) float64 { return d * d }},
		{"absolute", loss.AbsoluteError, math.Abs},
	} {
		for name, x := range map[string]set.Batch{
			"usual": gradtest.Usual(1, 3), "large": gradtest.Times(gradtest.Usual(1, 3), 1e6), "empty": set.New(3, 0, 0), "many": gradtest.Ragged(1, 2, 500, 1, 20),
		} {
			target := gradtest.Ragged(9, x.Dim, x.Len())
			target.Offsets = x.Offsets
			(&gradtest.Check{
				Name: c.name + "/" + name, In: []set.Batch{x}, Large: x.Len() > 100, Kinked: c.name == "absolute" && x.Values != nil && name != "large",
				Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return c.op(t, in[0], target) },
				Twin: func(x []gradtest.Sets) gradtest.Sets {
					l := 0.0
					for s := range x[0].Number() {
						for i := x[0].Off[s] * x[0].Dim; i < x[0].Off[s+1]*x[0].Dim; i++ {
							l += c.twin(x[0].V[i]-float64(target.Values[i])) / float64(x[0].Size(s)*x[0].Dim*x[0].Number())
						}
					}
					return oneNumber(l)
				},
			}).Run(t)
		}
	}
	tape := grad.NewTape(nil)
	x := tape.Input(set.Of(1, []float32{3}))
	assert.Equal(t, []float32{0}, tape.Gradients(loss.AbsoluteError(tape, x, x.Batch)).At(x), "flat where they are equal")
}

func logSumExp(x []float64) float64 {
	top, sum := math.Inf(-1), 0.0
	for _, a := range x {
		top = max(top, a)
	}
	for _, a := range x {
		sum += math.Exp(a - top)
	}
	return top + math.Log(sum)
}

func TestCrossEntropy(t *testing.T) {
	for _, c := range []struct {
		name  string
		x     set.Batch
		class []int
	}{
		{"usual", gradtest.Usual(1, 4), []int{0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2}},
		{"one class", gradtest.Usual(1, 1), make([]int, 11)},
		{"huge", set.Of(3, []float32{1e4, -1e4, 0}, []float32{-1e4, 1e4, 1e4}, []float32{1e4, 1e4 - 1, 1e4 - 2}), []int{1, 0, 2}},
		{"tiny", set.Of(2, []float32{1e-4, -1e-4}), []int{1}},
		{"nothing", set.New(4, 0), nil},
	} {
		for _, smoothing := range []float64{0, 0.1, 0.5} {
			(&gradtest.Check{
				Name: fmt.Sprintf("%s/%v", c.name, smoothing), In: []set.Batch{c.x},
				Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value {
					return loss.CrossEntropy(t, in[0], c.class, smoothing)
				},
				Twin: func(x []gradtest.Sets) gradtest.Sets {
					l := 0.0
					for i, k := range c.class {
						lse := logSumExp(x[0].Row(i))
						for j, a := range x[0].Row(i) {
							truth := smoothing / float64(x[0].Dim)
							if j == k {
								truth += 1 - smoothing
							}
							l -= truth * (a - lse) / float64(len(c.class))
						}
					}
					return oneNumber(l)
				},
			}).Run(t)
		}
	}
}

func TestPoisson(t *testing.T) {
	for name, c := range map[string]struct{ rate, count set.Batch }{
		"usual":   {set.Of(1, []float32{0.5, 3, 7.25}, nil, []float32{1}), set.Of(1, []float32{0, 3, 12}, nil, []float32{2})},
		"tiny":    {set.Of(1, []float32{1e-7, 3e-6, 2e-5}), set.Of(1, []float32{1, 0, 2})},
		"large":   {set.Of(2, []float32{1e6, 2e4}), set.Of(2, []float32{1.1e6, 1e4})},
		"nothing": {set.New(1, 0), set.New(1, 0)},
	} {
		(&gradtest.Check{
			Name: name, In: []set.Batch{c.rate}, Relative: true,
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return loss.Poisson(t, in[0], c.count) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				l := 0.0
				for i, rate := range x[0].V {
					k := float64(c.count.Values[i])
					lg, _ := math.Lgamma(k + 1)
					l += (rate - k*math.Log(rate) + lg) / float64(len(x[0].V))
				}
				return oneNumber(l)
			},
		}).Run(t)
	}
	// Below the least rate, and for rates that no distribution has, the loss
	// is that of the least rate, and flat.
	tape := grad.NewTape(nil)
	x := tape.Input(set.Of(1, []float32{0, -1, 1e-30}))
	l := loss.Poisson(tape, x, set.Of(1, []float32{1, 1, 1}))
	assert.InDelta(t, 1e-8-math.Log(1e-8), float64(l.Values[0]), 1e-5)
	assert.Equal(t, []float32{0, 0, 0}, tape.Gradients(l).At(x))
}

func TestGaussian(t *testing.T) {
	for name, c := range map[string]struct{ x, target set.Batch }{
		"usual":   {gradtest.Usual(1, 4), gradtest.Usual(2, 2)},
		"sure":    {set.Of(2, []float32{1, -5, 2, -9}), set.Of(1, []float32{1.01, 2})},
		"surer":   {set.Of(2, []float32{1, -20}), set.Of(1, []float32{1.0003})},
		"far":     {set.Of(2, []float32{1, 2, -3, 0}), set.Of(1, []float32{1e4, 1e3})},
		"nothing": {set.New(4, 0, 0), set.New(2, 0, 0)},
		"no sets": {set.New(4), set.New(2)},
	} {
		(&gradtest.Check{
			Name: name, In: []set.Batch{c.x}, Relative: name == "sure",
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return loss.Gaussian(t, in[0], c.target) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				l, d := 0.0, c.target.Dim
				for s := range x[0].Number() {
					for i := x[0].Off[s]; i < x[0].Off[s+1]; i++ {
						for e, y := range c.target.Row(i) {
							sigma := max(math.Exp(x[0].Row(i)[d+e]), 1e-4)
							density := -math.Log(sigma*math.Sqrt(2*math.Pi)) - math.Pow((float64(y)-x[0].Row(i)[e])/sigma, 2)/2
							l -= density / float64(x[0].Size(s)*d*x[0].Number())
						}
					}
				}
				return oneNumber(l)
			},
		}).Run(t)
	}
	// It is least at the true mean and deviation.
	var tape *grad.Tape
	y := set.Of(1, []float32{1, 5})
	at := func(mean, deviation float64) float32 {
		x := []float32{float32(mean), float32(math.Log(deviation)), float32(mean), float32(math.Log(deviation))}
		return loss.Gaussian(tape, grad.Const(set.Of(2, x)), y).Values[0]
	}
	least := at(3, 2)
	assert.InDelta(t, math.Log(2*math.Sqrt(2*math.Pi))+0.5, least, 1e-6)
	for _, other := range []float32{at(3.1, 2), at(2.9, 2), at(3, 2.1), at(3, 1.9)} {
		assert.Greater(t, other, least)
	}
}
