package process

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

func TestCurves(t *testing.T) {
	rng := regresstest.Rand(1)
	least, most, all := 100, 0, 0
	for range 3000 {
		c := newCurve(rng)
		n, m := c.context.Len(), c.target.Len()
		least, most, all = min(least, n), max(most, n), max(all, n+m)
		require.GreaterOrEqual(t, m, 3)
		for i, x := range slices.Concat(c.context.Values, c.target.Values) {
			require.True(t, i%2 == 1 || math.Abs(float64(x)) <= 2)
		}
	}
	assert.Equal(t, []int{3, 46, 49}, []int{least, most, all})
}

// Values that are drawn have the covariance of the kernel.
func TestDraw(t *testing.T) {
	k := covariance{0.5, 2}
	xs := []float64{0, 0.5, 3}
	rng := regresstest.Rand(2)
	var products [3][3]float64
	const n = 20000
	for range n {
		y := k.draw(xs, 0.1, rng)
		for i := range xs {
			for j := range xs {
				products[i][j] += y[i] * y[j] / n
			}
		}
	}
	assert.InDelta(t, 4.01, products[0][0], 0.15)
	assert.InDelta(t, 4*math.Exp(-0.5), products[0][1], 0.15)
	assert.InDelta(t, 0, products[0][2], 0.15)
}

// One point: mean c y / (s² + noise²), variance s² + noise² - c² / (s² + noise²).
func TestPosterior(t *testing.T) {
	k := covariance{0.5, 2}
	means, deviations := k.posterior(set.Of(2, []float32{1, 3}), []float64{1, 1.5, 9})
	v := 4 + noise*noise
	for i, c := range []float64{4, 4 * math.Exp(-0.5), 0} {
		assert.InDelta(t, c*3/v, means[i], 1e-9)
		assert.InDelta(t, math.Sqrt(v-c*c/v), deviations[i], 1e-9)
	}
	assert.InDelta(t, -math.Log(2*math.Pi)/2-math.Log(2)-0.125, density([]float64{1}, []float64{0}, []float64{2}), 1e-12)
}

// knowing is a neural process that knows the process.
type knowing struct{ covariance }

func (k knowing) tell(_ *grad.Tape, context, x grad.Value) grad.Value {
	y := set.Batch{Dim: 2, Values: make([]float32, 2*x.Len()), Offsets: x.Offsets}
	for s := range x.Sets() {
		var xs []float64
		for _, v := range x.Set(s) {
			xs = append(xs, float64(v))
		}
		means, deviations := k.posterior(context.At(s), xs)
		for i := range means {
			y.Set(s)[2*i], y.Set(s)[2*i+1] = float32(means[i]), float32(math.Log(deviations[i]))
		}
	}
	return grad.Const(y)
}

// A model that knows the process has the likelihood of the truth, each curve by
// itself, whatever is beside it.
func TestLikelihoodOfTruth(t *testing.T) {
	rng := regresstest.Rand(3)
	k := covariance{0.3, 0.7}
	var curves []curve
	for range 70 {
		c := newCurve(rng)
		xs, _ := columnsOf(set.Concat(c.context, c.target))
		ys := k.draw(xs, noise, rng)
		n := c.context.Len()
		curves = append(curves, curve{points(xs[:n], ys), points(xs[n:], ys[n:]), k})
	}
	p := &processor{net: knowing{k}, free: true}
	for i, ll := range p.likelihoods(curves) {
		assert.InDelta(t, curves[i].likelihoodOfTruth(), ll, 2e-3)
	}
}

// What is told depends on neither the order of what is known nor on other
// targets nor on other curves.
func TestNeuralProcesses(t *testing.T) {
	rng := regresstest.Rand(4)
	curves := []curve{newCurve(rng), newCurve(rng), newCurve(rng)}
	for _, model := range Task().Models {
		l, err := Task().Begin(study.Options{Model: model, Sets: 2, Seed: 1})
		require.NoError(t, err)
		p := l.(*processor)
		told, truth := p.tell(nil, curves)
		require.Equal(t, 2, told.Dim)
		require.Equal(t, truth.Offsets, told.Offsets)
		other := curves[1]
		other.context, _ = other.context.Shuffle(rng)
		other.target = set.Of(2, other.target.Row(2))
		alone, _ := p.tell(nil, []curve{other})
		assert.InDeltaSlice(t, told.At(1).Row(2), alone.Row(0), 1e-4, model)
		if !p.free {
			for i := range told.Len() {
				require.GreaterOrEqual(t, math.Exp(float64(told.Row(i)[1])), 0.1)
			}
		}
		tape := grad.NewTape(rng)
		g := tape.Gradients(p.loss(tape, curves[:2]))
		for name, param := range layers.Params(p.Network()) {
			assert.NotNil(t, g.Of(param), "%s of %s", name, model)
		}
	}
}

func TestProcess(t *testing.T) {
	dir := t.TempDir()
	out, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "process", "-model", "cnp", "-steps", "2", "-sets", "40", "-out", dir)
	require.NoError(t, err)
	require.Regexp(t, `^log likelihood -\d\.\d{4} \+- \d\.\d{4} of a point \([12]\.\d{4} under the process\) over 40 functions, 2 steps$`, regresstest.LastLine(out))
	require.FileExists(t, filepath.Join(dir, "process-cnp-1.png"))
}
