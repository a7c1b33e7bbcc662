// Package gradtest holds operations on a tape against twins in float64: what
// they give, their gradients by differences, and the bits that must not depend
// on memory, processors, or the other sets of a batch. It is for tests.
package gradtest

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

// Sets is a batch in float64, for the naive twins of the operations.
type Sets struct {
	Dim int
	Off set.Offsets
	V   []float64
}

// Exactly returns b in float64.
func Exactly(b set.Batch) Sets {
	s := Sets{Dim: b.Dim, Off: b.Offsets, V: make([]float64, len(b.Values))}
	for i, x := range b.Values {
		s.V[i] = float64(x)
	}
	return s
}

// Zeros returns sets of the given offsets and width, all zero.
func Zeros(off set.Offsets, dim int) Sets {
	return Sets{Dim: dim, Off: off, V: make([]float64, off.Len()*dim)}
}

// Row returns element i.
func (s Sets) Row(i int) []float64 { return s.V[i*s.Dim : (i+1)*s.Dim] }

// Number returns the number of sets.
func (s Sets) Number() int { return s.Off.Sets() }

// Size returns the number of elements of set i.
func (s Sets) Size(i int) int { return s.Off[i+1] - s.Off[i] }

// Check is one operation that is held against a twin in float64.
type Check struct {
	Name   string
	In     []set.Batch
	Params []*grad.Param
	Op     func(t *grad.Tape, in, p []grad.Value) grad.Value // of the inputs and the parameters
	Twin   func(x []Sets) Sets                               // of the inputs, followed by the parameters

	Apart    []int // inputs that can be taken set by set, with set s of the result
	Relative bool  // differences are taken in proportion to the numbers themselves
	Kinked   bool  // the twin is not smooth: differences are taken closely
	Large    bool  // few numbers are checked
	Huge     bool  // and fewer still
}

const (
	outputTolerance   = 1e-5 // of the largest number
	gradientTolerance = 1e-4
	samples           = 160 // numbers of one tensor whose gradient is checked
	fewer             = 12  // the same for a large check
)

// Outcome is everything that comes of an operation.
type Outcome struct {
	Y      set.Batch
	In     [][]float32
	Params [][]float32
}

// On applies the operation to inputs, and passes dy back to those not held
// constant.
func (c *Check) On(t *grad.Tape, in []set.Batch, dy []float32, constant ...int) Outcome {
	values := make([]grad.Value, len(in))
	for i, b := range in {
		if slices.Contains(constant, i) {
			values[i] = grad.Const(b)
		} else {
			values[i] = t.Input(b)
		}
	}
	weights := make([]grad.Value, len(c.Params))
	for i, p := range c.Params {
		weights[i] = t.Param(p)
	}
	y := c.Op(t, values, weights)
	out := Outcome{Y: y.Clone()}
	if !t.Recording() {
		return out
	}
	g := t.GradientsFrom(y, dy[:len(y.Values)])
	for _, v := range values {
		out.In = append(out.In, slices.Clone(g.At(v)))
	}
	for _, p := range c.Params {
		out.Params = append(out.Params, slices.Clone(g.Of(p)))
	}
	return out
}

// Run makes every check.
func (c *Check) Run(t *testing.T) {
	t.Helper()
	t.Run(c.Name, func(t *testing.T) {
		x := c.twinInputs()
		want := c.Twin(x)
		rng := rand.New(rand.NewPCG(7, uint64(len(want.V))))
		dy := make([]float32, len(want.V))
		for i := range dy {
			dy[i] = float32(rng.NormFloat64())
		}
		before := c.snapshot()
		got := c.On(grad.NewTape(nil), c.In, dy)
		require.Equal(t, want.Dim, got.Y.Dim, "width")
		require.Equal(t, want.Off, got.Y.Offsets, "offsets")
		Near(t, "output", got.Y.Values, want.V, outputTolerance, 1e-30)
		c.differences(t, x, got, dy, rng)
		require.Equal(t, before, c.snapshot(), "an input or parameter was changed")
		c.SameBits(t, got, dy)
		c.constants(t, got, dy)
		c.alone(t, got, dy)
	})
}

func (c *Check) twinInputs() []Sets {
	var x []Sets
	for _, b := range c.In {
		x = append(x, Exactly(b))
	}
	for _, p := range c.Params {
		x = append(x, Exactly(set.Batch{Dim: p.Cols, Values: p.Data, Offsets: set.Offsets{0, p.Rows}}))
	}
	return x
}

func (c *Check) snapshot() [][]float32 {
	var all [][]float32
	for _, b := range c.In {
		all = append(all, slices.Clone(b.Values))
	}
	for _, p := range c.Params {
		all = append(all, slices.Clone(p.Data))
	}
	return all
}

// differences compares the gradients with central differences of the twin, of
// fourth order.
func (c *Check) differences(t *testing.T, x []Sets, got Outcome, dy []float32, rng *rand.Rand) {
	t.Helper()
	scale, step, samples := 0.0, 1e-4, samples
	if c.Kinked {
		step = 1e-7
	}
	if c.Large {
		samples = fewer
	}
	if c.Huge {
		samples = 2
	}
	loss := func() float64 {
		total := 0.0
		for i, v := range c.Twin(x).V {
			total += float64(float64(dy[i]) * v)
			scale = max(scale, math.Abs(float64(dy[i])*v))
		}
		return total
	}
	for n, g := range slices.Concat(got.In, got.Params) {
		if len(x[n].V) == 0 {
			continue
		}
		if g == nil {
			g = make([]float32, len(x[n].V)) // the result does not depend on it
		}
		require.Len(t, g, len(x[n].V))
		chosen := rng.Perm(len(g))
		var part []float32
		var want []float64
		for _, i := range chosen[:min(len(chosen), samples)] {
			was, h := x[n].V[i], step
			if c.Relative {
				h = max(math.Abs(was)*1e-3, 1e-12)
			}
			at := func(by float64) float64 { x[n].V[i] = was + float64(by*h); return loss() }
			slope := (float64(8*(at(1)-at(-1))) - (at(2) - at(-2))) / (12 * h)
			x[n].V[i] = was
			part, want = append(part, g[i]), append(want, slope)
		}
		noise := 1e-12 * scale // of the differences
		if !c.Relative {
			noise /= step
		}
		Near(t, "gradient of "+c.argument(n), part, want, gradientTolerance, noise)
	}
}

func (c *Check) argument(n int) string {
	if n < len(c.In) {
		return "input " + string(rune('0'+n))
	}
	return "parameter " + string(rune('0'+n-len(c.In)))
}

// Near requires that numbers agree to within a part of the largest of them.
func Near(t *testing.T, what string, got []float32, want []float64, tolerance, noise float64) {
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
	if !(worst <= float64(tolerance*largest)+noise) {
		t.Errorf("%s: number %d: want %g, got %g, off by %.2g of the largest, %g", what, at, want[at], got[at], worst/largest, largest)
	}
}

// SameBits requires that nothing depends on what tape records, what its memory
// held before, or how many processors there are.
func (c *Check) SameBits(t *testing.T, want Outcome, dy []float32) {
	t.Helper()
	assert.Equal(t, want.Y, c.On(nil, c.In, dy).Y, "nil tape")
	for _, tape := range []*grad.Tape{grad.NewTape(nil), grad.NewScratch(nil)} {
		for range 3 {
			dirty := tape.Floats(1 << 16)
			for i := range dirty {
				dirty[i] = float32(math.NaN())
			}
			tape.Reset()
			again := c.On(tape, c.In, dy)
			if tape.Recording() {
				require.Equal(t, want, again, "a tape in use again")
			} else {
				require.Equal(t, want.Y, again.Y, "a scratch tape in use again")
			}
			tape.Reset()
		}
	}
	procs := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(procs)
	for _, n := range []int{1, 2, 3} {
		runtime.GOMAXPROCS(n)
		require.Equal(t, want, c.On(grad.NewTape(nil), c.In, dy), "%d processors", n)
	}
}

// constants requires that holding some inputs constant changes nothing for the
// others.
func (c *Check) constants(t *testing.T, want Outcome, dy []float32) {
	t.Helper()
	for i := range c.In {
		got := c.On(grad.NewTape(nil), c.In, dy, i)
		assert.Nil(t, got.In[i])
		got.In[i] = want.In[i]
		assert.Equal(t, want, got, "constant input %d", i)
		var others []int
		for j := range c.In {
			if j != i {
				others = append(others, j)
			}
		}
		got = c.On(grad.NewTape(nil), c.In, dy, others...)
		assert.Equal(t, want.In[i], got.In[i], "all constant but input %d", i)
	}
}

// alone requires that each set alone gives the bits that it gives in company,
// and that a batch of no sets is in order.
func (c *Check) alone(t *testing.T, want Outcome, dy []float32) {
	t.Helper()
	if c.Apart == nil {
		return
	}
	for s := range want.Y.Sets() {
		in := slices.Clone(c.In)
		for _, i := range c.Apart {
			in[i] = c.In[i].At(s)
		}
		lo, hi := want.Y.Offsets.Bounds(s)
		got := c.On(grad.NewTape(nil), in, dy[lo*want.Y.Dim:hi*want.Y.Dim])
		require.Equal(t, want.Y.At(s).Values, got.Y.Values, "set %d alone", s)
		for _, i := range c.Apart {
			lo, hi := c.In[i].Offsets.Bounds(s)
			if want.In[i] == nil || lo == hi {
				continue
			}
			require.Equal(t, want.In[i][lo*c.In[i].Dim:hi*c.In[i].Dim], got.In[i], "gradient of input %d, set %d alone", i, s)
		}
	}
	in := slices.Clone(c.In)
	for _, i := range c.Apart {
		in[i] = c.In[i].Select()
	}
	got := c.On(grad.NewTape(nil), in, nil)
	require.Equal(t, want.Y.Dim, got.Y.Dim)
	require.Zero(t, got.Y.Sets())
	for _, i := range slices.Concat(got.In, got.Params) {
		for _, x := range i {
			require.Zero(t, x, "a gradient of nothing")
		}
	}
}

// Ragged returns sets of the given sizes with numbers drawn from a normal
// distribution. The fourth element of a set, if it has so many, equals its
// first.
func Ragged(seed uint64, dim int, sizes ...int) set.Batch {
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

// Usual returns sets of several sizes, an empty one and one of one element
// among them.
func Usual(seed uint64, dim int) set.Batch { return Ragged(seed, dim, 3, 0, 1, 5, 2) }

// Normal returns a parameter drawn from a standard normal distribution.
func Normal(seed uint64, rows, cols int) *grad.Param {
	return grad.Normal(rows, cols, 1, rand.New(rand.NewPCG(seed, 99)))
}

// Offset numbers the sets of a batch of one element each.
func Offset(n int) set.Offsets {
	o := make(set.Offsets, n+1)
	for i := range o {
		o[i] = i
	}
	return o
}

// Times multiplies the numbers of b, and returns it.
func Times(b set.Batch, by float32) set.Batch {
	for i := range b.Values {
		b.Values[i] *= by
	}
	return b
}
