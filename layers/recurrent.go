package layers

import (
	"math"
	"math/rand/v2"
	"slices"

	"setwise/set"
	"setwise/set/grad"
)

// A Cell is one step of a recurrent net: [LSTM] and [GRU] are cells. A state is
// one element for each sequence.
type Cell interface {
	// State returns the width of a state.
	State() int

	// Project returns what a step needs of every element, and does not need
	// the state for: it is computed for all of them at once.
	Project(t *grad.Tape, x grad.Value) grad.Value

	// Step returns the outputs and the states after a step, given what
	// Project made of the next element of each sequence, and the states
	// before it.
	Step(t *grad.Tape, x, state grad.Value) (y, next grad.Value)
}

// Recurrent takes the elements of each set in the order of storage through a
// cell, whose states begin as zero, and returns the output of every step in the
// place of its element. Sets of all sizes go side by side, the longest first, so
// that a step has as many rows as there are sequences that long, and none is
// padded. O(elements) time and memory, in as many steps as the longest set has.
type Recurrent struct {
	Cell     Cell
	Backward bool // from the last element to the first
}

// Forward returns the outputs.
func (r *Recurrent) Forward(t *grad.Tape, x grad.Value) grad.Value {
	if r == nil || r.Cell == nil {
		panic(set.Mismatch("layers.Recurrent", "a Cell, got nil"))
	}
	defer set.Within("Cell")
	order := make([]int, x.Sets()) // of the sets, the longest first
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return x.Offsets.Size(b) - x.Offsets.Size(a) })
	projected := r.Cell.Project(t, x)
	state := grad.Const(set.Batch{Dim: r.Cell.State(), Values: make([]float32, x.Sets()*r.Cell.State()), Offsets: ones(t, x.Sets())})
	var outputs []grad.Value
	back := t.Ints(x.Len()) // the place of each element among all outputs
	done := int32(0)
	for k := 0; k == 0 || len(order) > 0; k++ {
		for len(order) > 0 && x.Offsets.Size(order[len(order)-1]) <= k {
			order = order[:len(order)-1]
		}
		rows := t.Ints(len(order))
		for i, s := range order {
			rows[i] = int32(x.Offsets[s] + k)
			if r.Backward {
				rows[i] = int32(x.Offsets[s+1] - 1 - k)
			}
			back[rows[i]] = done + int32(i)
		}
		done += int32(len(order))
		if state.Len() > len(order) {
			state = t.Gather(state, first(t, len(order)), ones(t, len(order)))
		}
		var y grad.Value
		y, state = r.Cell.Step(t, t.Gather(projected, rows, ones(t, len(order))), state)
		outputs = append(outputs, y)
	}
	y := t.Gather(t.Stack(outputs...), back, x.Offsets)
	y.Relations = x.Relations
	return y
}

// ones returns the offsets of n sets of one element.
func ones(t *grad.Tape, n int) set.Offsets {
	o := t.Offsets(n)
	for i := range o {
		o[i] = i
	}
	return o
}

// first returns the numbers 0 to n-1.
func first(t *grad.Tape, n int) []int32 {
	rows := t.Ints(n)
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}

// Last pools each set into its last element in the order of storage, zero for
// an empty set: what a [Recurrent] net has read in the end.
var Last Func = last

func last(t *grad.Tape, x grad.Value) grad.Value {
	var rows []int32
	offsets := t.Offsets(x.Sets())
	for s := range x.Sets() {
		if x.Offsets.Size(s) > 0 {
			rows = append(rows, int32(x.Offsets[s+1]-1))
		}
		offsets[s+1] = len(rows)
	}
	return t.Sum(t.Gather(x, rows, offsets))
}

// LSTM is the cell of Hochreiter and Schmidhuber (1997) with a forget gate
// (Gers et al. 2000), as PyTorch's nn.LSTM computes it:
//
//	i, f, g, o = x·Input + h·Hidden
//	c'         = σ(f) c + σ(i) tanh(g)
//	h'         = σ(o) tanh(c')
//
// A state is h and c side by side, an output h'. Input has the bias, so that
// PyTorch's two are its sum, and weights are transposed.
type LSTM struct{ Input, Hidden *Linear }

// NewLSTM returns a cell for elements of width in with outputs of width dim.
// Weights are drawn uniformly within ±1/√dim, as PyTorch does.
func NewLSTM(in, dim int, rng *rand.Rand) *LSTM {
	return &LSTM{gates(in, 4, dim, rng), gates(dim, 4, dim, rng).bare()}
}

// State implements [Cell]: twice the width of outputs.
func (l *LSTM) State() int { return 2 * l.Hidden.width() }

// Project implements [Cell].
func (l *LSTM) Project(t *grad.Tape, x grad.Value) grad.Value { return in("Input", l.Input, t, x) }

// Step implements [Cell].
func (l *LSTM) Step(t *grad.Tape, x, state grad.Value) (y, next grad.Value) {
	d := l.Hidden.width()
	needWidth("layers.LSTM", "projected elements", 4*d, x)
	needWidth("layers.LSTM", "states", 2*d, state)
	h, c := t.Columns(state, 0, d), t.Columns(state, d, 2*d)
	z := t.Add(x, in("Hidden", l.Hidden, t, h))
	i, f := t.Sigmoid(t.Columns(z, 0, d)), t.Sigmoid(t.Columns(z, d, 2*d))
	g, o := t.Tanh(t.Columns(z, 2*d, 3*d)), t.Sigmoid(t.Columns(z, 3*d, 4*d))
	c = t.Add(t.Multiply(f, c), t.Multiply(i, g))
	h = t.Multiply(o, t.Tanh(c))
	return h, t.Join(h, c)
}

// GRU is the gated recurrent unit (Cho et al. 2014) as PyTorch's nn.GRU
// computes it:
//
//	r, z = σ(x·Input + h·Hidden)               the first two thirds
//	n    = tanh(x·Input + r (h·Hidden))        the last third
//	h'   = (1 - z) n + z h
//
// A state is h, an output h'.
type GRU struct{ Input, Hidden *Linear }

// NewGRU returns a cell for elements of width in with outputs of width dim.
// Weights are drawn uniformly within ±1/√dim, as PyTorch does.
func NewGRU(in, dim int, rng *rand.Rand) *GRU {
	return &GRU{gates(in, 3, dim, rng), gates(dim, 3, dim, rng)}
}

// State implements [Cell]: the width of outputs.
func (g *GRU) State() int { return g.Hidden.width() }

// Project implements [Cell].
func (g *GRU) Project(t *grad.Tape, x grad.Value) grad.Value { return in("Input", g.Input, t, x) }

// Step implements [Cell].
func (g *GRU) Step(t *grad.Tape, x, h grad.Value) (y, next grad.Value) {
	d := g.Hidden.width()
	needWidth("layers.GRU", "projected elements", 3*d, x)
	needWidth("layers.GRU", "states", d, h)
	u := in("Hidden", g.Hidden, t, h)
	gate := t.Sigmoid(t.Add(t.Columns(x, 0, 2*d), t.Columns(u, 0, 2*d)))
	r, z := t.Columns(gate, 0, d), t.Columns(gate, d, 2*d)
	n := t.Tanh(t.Add(t.Columns(x, 2*d, 3*d), t.Multiply(r, t.Columns(u, 2*d, 3*d))))
	h = t.Add(n, t.Multiply(z, t.Sub(h, n)))
	return h, h
}

// gates returns a linear layer to so many gates of width dim.
func gates(in, n, dim int, rng *rand.Rand) *Linear {
	limit := float32(1 / math.Sqrt(float64(max(dim, 1))))
	return &Linear{Weight: grad.Uniform(in, n*dim, limit, rng), Bias: grad.Uniform(1, n*dim, limit, rng)}
}

// width returns the width of what Hidden takes, which is that of outputs.
func (l *Linear) width() int {
	if l == nil || l.Weight == nil {
		panic(set.Mismatch("layers.Recurrent", "a cell with a Hidden layer, got nil"))
	}
	return l.Weight.Rows
}

// bare returns l without its bias.
func (l *Linear) bare() *Linear { return &Linear{Weight: l.Weight} }
