package grad_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/set"
	"setwise/set/grad"
)

// sets is a batch in float64, for the naive twins of the operations.
type sets struct {
	dim int
	off set.Offsets
	v   []float64
}

func exactly(b set.Batch) sets {
	s := sets{dim: b.Dim, off: b.Offsets, v: make([]float64, len(b.Values))}
	for i, x := range b.Values {
		s.v[i] = float64(x)
	}
	return s
}

// zeros returns sets of the given offsets and width, all zero.
func zeros(off set.Offsets, dim int) sets {
	return sets{dim: dim, off: off, v: make([]float64, off.Len()*dim)}
}

func (s sets) row(i int) []float64 { return s.v[i*s.dim : (i+1)*s.dim] }
func (s sets) number() int         { return s.off.Sets() }

func (s sets) size(i int) int { return s.off[i+1] - s.off[i] }

// check is one operation that is held against a twin in float64.
type check struct {
	name   string
	in     []set.Batch
	params []*grad.Param
	op     func(t *grad.Tape, in []grad.Value, p []*grad.Param) grad.Value
	twin   func(x []sets) sets // of the inputs, followed by the parameters

	apart    []int // inputs that can be taken set by set, with set s of the result
	relative bool  // differences are taken in proportion to the numbers themselves
	kinked   bool  // the twin is not smooth: differences are taken closely
	large    bool  // few numbers are checked
	huge     bool  // and fewer still
}

const (
	outputTolerance   = 1e-5 // of the largest number
	gradientTolerance = 1e-4
	samples           = 160 // numbers of one tensor whose gradient is checked
	fewer             = 12  // the same for a large check
)

// outcome is everything that comes of an operation.
type outcome struct {
	y      set.Batch
	in     [][]float32
	params [][]float32
}

// on applies the operation to inputs, and passes dy back to those not held
// constant.
func (c *check) on(t *grad.Tape, in []set.Batch, dy []float32, constant ...int) outcome {
	values := make([]grad.Value, len(in))
	for i, b := range in {
		if slices.Contains(constant, i) {
			values[i] = grad.Const(b)
		} else {
			values[i] = t.Input(b)
		}
	}
	y := c.op(t, values, c.params)
	out := outcome{y: y.Clone()}
	if !t.Recording() {
		return out
	}
	g := t.GradientsFrom(y, dy[:len(y.Values)])
	for _, v := range values {
		out.in = append(out.in, slices.Clone(g.At(v)))
	}
	for _, p := range c.params {
		out.params = append(out.params, slices.Clone(g.Of(p)))
	}
	return out
}

func (c *check) run(t *testing.T) {
	t.Helper()
	t.Run(c.name, func(t *testing.T) {
		x := c.twinInputs()
		want := c.twin(x)
		rng := rand.New(rand.NewPCG(7, uint64(len(want.v))))
		dy := make([]float32, len(want.v))
		for i := range dy {
			dy[i] = float32(rng.NormFloat64())
		}
		before := c.snapshot()
		got := c.on(grad.NewTape(nil), c.in, dy)
		require.Equal(t, want.dim, got.y.Dim, "width")
		require.Equal(t, want.off, got.y.Offsets, "offsets")
		near(t, "output", got.y.Values, want.v, outputTolerance, 1e-30)
		c.differences(t, x, got, dy, rng)
		require.Equal(t, before, c.snapshot(), "an input or parameter was changed")
		c.sameBits(t, got, dy)
		c.constants(t, got, dy)
		c.alone(t, got, dy)
	})
}

func (c *check) twinInputs() []sets {
	var x []sets
	for _, b := range c.in {
		x = append(x, exactly(b))
	}
	for _, p := range c.params {
		x = append(x, exactly(set.Batch{Dim: p.Cols, Values: p.Data, Offsets: set.Offsets{0, p.Rows}}))
	}
	return x
}

func (c *check) snapshot() [][]float32 {
	var all [][]float32
	for _, b := range c.in {
		all = append(all, slices.Clone(b.Values))
	}
	for _, p := range c.params {
		all = append(all, slices.Clone(p.Data))
	}
	return all
}

// differences compares the gradients with central differences of the twin, of
// fourth order.
func (c *check) differences(t *testing.T, x []sets, got outcome, dy []float32, rng *rand.Rand) {
	t.Helper()
	scale, step, samples := 0.0, 1e-4, samples
	if c.kinked {
		step = 1e-7
	}
	if c.large {
		samples = fewer
	}
	if c.huge {
		samples = 2
	}
	loss := func() float64 {
		total := 0.0
		for i, v := range c.twin(x).v {
			total += float64(dy[i]) * v
			scale = max(scale, math.Abs(float64(dy[i])*v))
		}
		return total
	}
	for n, g := range slices.Concat(got.in, got.params) {
		if len(x[n].v) == 0 {
			continue
		}
		if g == nil {
			g = make([]float32, len(x[n].v)) // the result does not depend on it
		}
		require.Len(t, g, len(x[n].v))
		chosen := rng.Perm(len(g))
		var part []float32
		var want []float64
		for _, i := range chosen[:min(len(chosen), samples)] {
			was, h := x[n].v[i], step
			if c.relative {
				h = max(math.Abs(was)*1e-3, 1e-12)
			}
			at := func(by float64) float64 { x[n].v[i] = was + by*h; return loss() }
			slope := (8*(at(1)-at(-1)) - (at(2) - at(-2))) / (12 * h)
			x[n].v[i] = was
			part, want = append(part, g[i]), append(want, slope)
		}
		noise := 1e-12 * scale // of the differences
		if !c.relative {
			noise /= step
		}
		near(t, "gradient of "+c.argument(n), part, want, gradientTolerance, noise)
	}
}

func (c *check) argument(n int) string {
	if n < len(c.in) {
		return "input " + string(rune('0'+n))
	}
	return "parameter " + string(rune('0'+n-len(c.in)))
}

// near requires that numbers agree to within a part of the largest of them.
func near(t *testing.T, what string, got []float32, want []float64, tolerance, noise float64) {
	t.Helper()
	require.Len(t, got, len(want), what)
	largest, worst, at := 0.0, 0.0, 0
	for i, w := range want {
		largest = max(largest, math.Abs(w))
		d := math.Abs(float64(got[i]) - w)
		if d > worst || math.IsNaN(d) {
			worst, at = d, i
		}
		if math.IsNaN(d) {
			break
		}
	}
	if !(worst <= tolerance*largest+noise) {
		t.Errorf("%s: number %d: want %g, got %g, off by %.2g of the largest, %g", what, at, want[at], got[at], worst/largest, largest)
	}
}

// sameBits requires that nothing depends on what tape records, what its memory
// held before, or how many processors there are.
func (c *check) sameBits(t *testing.T, want outcome, dy []float32) {
	t.Helper()
	assert.Equal(t, want.y, c.on(nil, c.in, dy).y, "nil tape")
	for _, tape := range []*grad.Tape{grad.NewTape(nil), grad.NewScratch()} {
		for range 3 {
			dirty := tape.Floats(1 << 16)
			for i := range dirty {
				dirty[i] = float32(math.NaN())
			}
			tape.Reset()
			again := c.on(tape, c.in, dy)
			if tape.Recording() {
				require.Equal(t, want, again, "a tape in use again")
			} else {
				require.Equal(t, want.y, again.y, "a scratch tape in use again")
			}
			tape.Reset()
		}
	}
	procs := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(procs)
	for _, n := range []int{1, 2, 3} {
		runtime.GOMAXPROCS(n)
		require.Equal(t, want, c.on(grad.NewTape(nil), c.in, dy), "%d processors", n)
	}
}

// constants requires that holding some inputs constant changes nothing for the
// others.
func (c *check) constants(t *testing.T, want outcome, dy []float32) {
	t.Helper()
	for i := range c.in {
		got := c.on(grad.NewTape(nil), c.in, dy, i)
		assert.Nil(t, got.in[i])
		got.in[i] = want.in[i]
		assert.Equal(t, want, got, "constant input %d", i)
		var others []int
		for j := range c.in {
			if j != i {
				others = append(others, j)
			}
		}
		got = c.on(grad.NewTape(nil), c.in, dy, others...)
		assert.Equal(t, want.in[i], got.in[i], "all constant but input %d", i)
	}
}

// alone requires that each set alone gives the bits that it gives in company,
// and that a batch of no sets is in order.
func (c *check) alone(t *testing.T, want outcome, dy []float32) {
	t.Helper()
	if c.apart == nil {
		return
	}
	for s := range want.y.Sets() {
		in := slices.Clone(c.in)
		for _, i := range c.apart {
			in[i] = c.in[i].At(s)
		}
		lo, hi := want.y.Offsets.Bounds(s)
		got := c.on(grad.NewTape(nil), in, dy[lo*want.y.Dim:hi*want.y.Dim])
		require.Equal(t, want.y.At(s).Values, got.y.Values, "set %d alone", s)
		for _, i := range c.apart {
			lo, hi := c.in[i].Offsets.Bounds(s)
			if want.in[i] == nil || lo == hi {
				continue
			}
			require.Equal(t, want.in[i][lo*c.in[i].Dim:hi*c.in[i].Dim], got.in[i], "gradient of input %d, set %d alone", i, s)
		}
	}
	in := slices.Clone(c.in)
	for _, i := range c.apart {
		in[i] = c.in[i].Select()
	}
	got := c.on(grad.NewTape(nil), in, nil)
	require.Equal(t, want.y.Dim, got.y.Dim)
	require.Zero(t, got.y.Sets())
	for _, i := range slices.Concat(got.in, got.params) {
		for _, x := range i {
			require.Zero(t, x, "a gradient of nothing")
		}
	}
}

// ragged returns sets of the given sizes with numbers drawn from a normal
// distribution. The fourth element of a set, if it has so many, equals its
// first.
func ragged(seed uint64, dim int, sizes ...int) set.Batch {
	rng := rand.New(rand.NewPCG(seed, uint64(dim)))
	b := set.New(dim, sizes...)
	for i := range b.Values {
		b.Values[i] = float32(rng.NormFloat64())
	}
	for s := range b.Sets() {
		if own := b.Set(s); len(own) >= 4*dim {
			copy(own[3*dim:4*dim], own[:dim])
		}
	}
	return b
}

// usual returns sets of several sizes, an empty one and one of one element
// among them.
func usual(seed uint64, dim int) set.Batch { return ragged(seed, dim, 3, 0, 1, 5, 2) }

func normal(seed uint64, rows, cols int) *grad.Param {
	return grad.Normal(rows, cols, 1, rand.New(rand.NewPCG(seed, 99)))
}

// offset numbers the sets of a batch of one element each.
func offset(n int) set.Offsets {
	o := make(set.Offsets, n+1)
	for i := range o {
		o[i] = i
	}
	return o
}
