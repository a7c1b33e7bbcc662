package layers_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"setwise/layers"
	"setwise/layers/attention"
	"setwise/layers/layertest"
	"setwise/set"
	"setwise/set/grad"
)

// peephole is a cell of one's own: an LSTM whose gates see the state of the
// cell too (Gers and Schmidhuber 2000).
type peephole struct {
	Input, Hidden *layers.Linear
	Peep          *grad.Param // 3 rows, for the gates i, f and o
}

func newPeephole(in, dim int, rng *rand.Rand) *peephole {
	return &peephole{layers.NewLinear(in, 4*dim, rng), layers.NewLinear(dim, 4*dim, rng), grad.Normal(3, dim, 0.1, rng)}
}

func (p *peephole) State() int { return 2 * p.Peep.Cols }

func (p *peephole) Project(t *grad.Tape, x grad.Value) grad.Value { return p.Input.Forward(t, x) }

func (p *peephole) Step(t *grad.Tape, x, state grad.Value) (y, next grad.Value) {
	d := p.Peep.Cols
	h, c := t.Columns(state, 0, d), t.Columns(state, d, 2*d)
	z := t.Add(x, p.Hidden.Forward(t, h))
	gate := func(k int, c grad.Value) grad.Value {
		peep := t.Gather(t.Param(p.Peep), slices.Repeat([]int32{int32(min(k, 2))}, c.Len()), c.Offsets)
		return t.Sigmoid(t.Add(t.Columns(z, k*d, (k+1)*d), t.Multiply(peep, c)))
	}
	c = t.Add(t.Multiply(gate(1, c), c), t.Multiply(gate(0, c), t.Tanh(t.Columns(z, 2*d, 3*d))))
	h = t.Multiply(gate(3, c), t.Tanh(c))
	return h, t.Join(h, c)
}

// A cell of one's own in a classifier of sequences of any length.
func ExampleRecurrent() {
	rng := rand.New(rand.NewPCG(1, 2))
	model := layers.Stack{
		&layers.Recurrent{Cell: newPeephole(2, 8, rng)},
		layers.Last,
		layers.NewLinear(8, 3, rng),
	}
	sequences := set.New(2, 5, 1, 9)
	logits := layers.Apply(model, sequences)
	fmt.Println(logits.Sets(), "sequences,", logits.Dim, "logits each")
	// Output: 3 sequences, 3 logits each
}

func TestPeephole(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	l := layers.Stack{&layers.Recurrent{Cell: newPeephole(3, 4, rng)}, layers.Last}
	layertest.All(t, l, layertest.Sequence, layertest.Sample(3, rng))
}

// adapted is a frozen layer with a low-rank adapter (Hu et al. 2022): the
// weight that is used is Frozen + Down·Up, a value like any other.
type adapted struct {
	Frozen   *layers.Linear
	Down, Up *grad.Param
}

func (a *adapted) Forward(t *grad.Tape, x grad.Value) grad.Value {
	weight := t.Add(t.Param(a.Frozen.Weight), t.Product(t.Param(a.Down), t.Param(a.Up)))
	return t.Affine(x, weight, t.Param(a.Frozen.Bias))
}

func Example_lowRankAdapter() {
	rng := rand.New(rand.NewPCG(1, 2))
	l := &adapted{layers.NewLinear(64, 64, rng), grad.Normal(64, 2, 0.1, rng), grad.NewParam(2, 64)}
	layers.Freeze(l.Frozen, true)
	t := grad.NewTape(nil)
	y := l.Forward(t, grad.Const(set.New(64, 5)))
	g := t.GradientsFrom(y, make([]float32, len(y.Values)))
	for name, p := range layers.Params(l) {
		fmt.Println(name, len(p.Data), "numbers, learned:", g.Of(p) != nil)
	}
	// Output:
	// Frozen.Weight 4096 numbers, learned: false
	// Frozen.Bias 64 numbers, learned: false
	// Down 128 numbers, learned: true
	// Up 128 numbers, learned: true
}

// Gated is a mechanism of one's own that learns: full attention, of which each
// head learns how much counts. It is data; what learns is its mixer.
type Gated struct {
	Open float32 // the gates to begin with
}

// New implements attention.Mechanism: a mixer of its own for every layer.
func (g Gated) New(dim, heads int, _ *rand.Rand) attention.Mixer {
	return &gatedMixer{Gate: grad.Filled(1, heads, g.Open), Dim: dim}
}

// Ordered implements attention.Mechanism.
func (Gated) Ordered() bool { return false }

// Pools implements attention.Mechanism.
func (Gated) Pools() bool { return true }

type gatedMixer struct {
	Gate *grad.Param
	Dim  int
}

// Mix implements attention.Mixer.
func (m *gatedMixer) Mix(t *grad.Tape, in attention.Inputs) grad.Value {
	residual := in.Residual
	in.Residual = false
	z := attention.Full{}.Mix(t, in)
	columns := set.New(m.Dim, m.Gate.Cols) // of each head
	for c := range m.Dim {
		columns.Row(c * m.Gate.Cols / m.Dim)[c] = 1
	}
	gate := t.Affine(t.Param(m.Gate), grad.Const(columns), grad.Value{}) // one number a column
	z = t.Multiply(z, t.Gather(gate, make([]int32, z.Len()), z.Offsets))
	if !residual {
		return z
	}
	q := in.Query
	if q.Sets() != z.Sets() {
		q = t.Repeat(q, z.Sets())
	}
	return t.Add(q, z)
}

func Example_mechanism() {
	rng := rand.New(rand.NewPCG(1, 2))
	block := layers.Block{Dim: 8, Heads: 2, Mechanism: Gated{Open: 1}}
	model := layers.Stack{layers.NewSAB(3, block, rng), layers.NewISAB(8, 4, block, rng), layers.NewPMA(1, block, rng)}
	for name := range layers.Params(model) {
		if name[len(name)-4:] == "Gate" {
			fmt.Println(name)
		}
	}
	// Output:
	// 0.Read.Attn.Mixer.Gate
	// 1.Write.Attn.Mixer.Gate
	// 1.Read.Attn.Mixer.Gate
	// 2.Write.Attn.Mixer.Gate
}

func TestGated(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	block := layers.Block{Dim: 8, Heads: 2, Mechanism: Gated{Open: 0.7}}
	layertest.All(t, layers.Stack{layers.NewISAB(3, 4, block, rng), layers.NewPMA(1, block, rng)}, layertest.Pool, layertest.Sample(3, rng))
	if err := layertest.Ordered(Gated{Open: 0.7}, layertest.Sample(4, rng), 2, rng); err != nil {
		t.Error(err)
	}
}

// A causal decoder that makes one element after another, with the keys and
// values of those before kept, makes what the whole pass makes, to the bit.
func ExampleKept() {
	rng := rand.New(rand.NewPCG(1, 2))
	decoder := layers.NewMAB(4, 4, layers.Block{Dim: 4, Heads: 2, Causal: true}, rng)
	t := grad.NewScratch(nil)
	element, made := grad.Const(set.Of(4, []float32{1, 0, 0, 0})), []float32{1, 0, 0, 0}
	var kept layers.Kept
	for step := range 50 {
		if own := decoder.Keep(t, element); step == 0 {
			kept = own
		} else {
			kept = kept.And(t, own)
		}
		element = decoder.Over(t, element, kept, grad.Value{})
		made = append(made, element.Values...)
	}
	inputs := grad.Const(set.Of(4, made[:200]))
	whole := decoder.Attend(nil, inputs, inputs)
	fmt.Println(slices.Equal(whole.Values, made[4:]))
	// Output: true
}

// Cross attention: the elements of one batch gather from the sets of another.
func ExamplePair() {
	rng := rand.New(rand.NewPCG(1, 2))
	var cross layers.Pair = layers.NewMAB(3, 5, layers.Block{Dim: 8}, rng)
	words, patches := grad.Const(set.New(3, 4, 2)), grad.Const(set.New(5, 49, 49))
	y := cross.Attend(nil, words, patches)
	fmt.Println(y.Offsets, y.Dim)
	// Output: [0 4 6] 8
}

// The gradient of a prediction with respect to its input, of a model that has
// dropout: the tape records, and does not train.
func Example_saliency() {
	rng := rand.New(rand.NewPCG(1, 2))
	model := layers.Stack{layers.NewLinear(2, 8, rng), layers.Dropout(0.5), layers.Tanh, layers.Sum, layers.NewLinear(8, 1, rng)}
	t := grad.NewTape(nil)
	t.Train(false)
	points := t.Input(set.Of(2, []float32{0, 0, 1, 0, 0, 3}))
	score := model.Forward(t, points)
	fmt.Println(score.Values[0] == layers.Apply(model, points.Batch).Values[0])
	fmt.Println(len(t.Gradients(score).At(points)), "slopes")
	// Output:
	// true
	// 6 slopes
}

// Inference that draws, with a given seed.
func Example_sampling() {
	noisy := layers.Func(func(t *grad.Tape, x grad.Value) grad.Value {
		noise := t.Like(x.Batch, x.Dim)
		for i := range noise.Values {
			noise.Values[i] = float32(t.Rand().NormFloat64())
		}
		return t.Add(x, grad.Const(noise))
	})
	draw := func(seed uint64) []float32 {
		t := grad.NewScratch(rand.New(rand.NewPCG(seed, 0)))
		return noisy.Forward(t, grad.Const(set.New(1, 2))).Values
	}
	fmt.Println(slices.Equal(draw(1), draw(1)), slices.Equal(draw(1), draw(2)))
	// Output: true false
}
