package molecules

import (
	"math"
	"math/rand/v2"
	"slices"

	"setwise/examples/regress/models"
	"setwise/layers"
	"setwise/pointcloud"
	"setwise/set"
	"setwise/set/grad"
)

// elements are those that molecules of the database have; others are alike.
var elements = []string{"H", "C", "N", "O", "F", "P", "S", "Cl", "Br", "I"}

const (
	kindWidth = 11 + 4 // element, and bonds, valence, hydrogens and formal charge
	rings     = 16     // distances that are told apart
	pairWidth = rings + 4
)

// A molecule is a solute as sets: of its atoms, and of their pairs.
type molecule struct {
	kinds  set.Batch        // what each atom is
	places pointcloud.Cloud // where it is, from the centre, in units of 3 ångström
	charge set.Batch        // its partial charge
	pairs  set.Batch        // what is between each two of n atoms, in n rows of n
}

func newMolecule(c *compound) *molecule {
	n := len(c.atoms)
	m := &molecule{set.New(kindWidth, n), pointcloud.Cloud{Points: make([][3]float32, n)}, set.New(1, n), set.New(pairWidth, n*n)}
	var centre [3]float64
	for _, a := range c.atoms {
		for k := range centre {
			centre[k] += a.at[k] / float64(n)
		}
	}
	for i, a := range c.atoms {
		e := slices.Index(elements, a.element)
		if e < 0 {
			e = len(elements)
		}
		m.kinds.Row(i)[e] = 1
		m.kinds.Row(i)[14] = float32(a.charge)
		m.charge.Row(i)[0] = float32(a.partial)
		for k := range centre {
			m.places.Points[i][k] = float32((a.at[k] - centre[k]) / 3)
		}
		for j, b := range c.atoms {
			r := math.Sqrt(sq(a.at[0]-b.at[0]) + sq(a.at[1]-b.at[1]) + sq(a.at[2]-b.at[2]))
			p := m.pairs.Row(i*n + j)
			for k := range rings { // Gaussians half an ångström apart
				p[k] = float32(math.Exp(-sq((r - 0.5*float64(k)) / 0.5)))
			}
		}
	}
	for _, b := range c.bonds {
		for _, ends := range [2][2]int{{b.a, b.b}, {b.b, b.a}} {
			k := m.kinds.Row(ends[0])
			k[11] += 0.25
			k[12] += 0.25 * float32(b.order)
			if c.atoms[ends[1]].element == "H" {
				k[13] += 0.25
			}
			m.pairs.Row(ends[0]*n + ends[1])[rings+b.order-1] = 1
		}
	}
	return m
}

// counts returns how many atoms of each element there are.
func (m *molecule) counts() []float64 {
	out := make([]float64, len(elements)+1)
	for i := range m.kinds.Len() {
		for e := range out {
			out[e] += float64(m.kinds.Row(i)[e])
		}
	}
	return out
}

// gather puts what of several molecules side by side.
func gather(molecules []*molecule, what func(*molecule) set.Batch) grad.Value {
	parts := make([]set.Batch, len(molecules))
	for i, m := range molecules {
		parts[i] = what(m)
	}
	return grad.Const(set.Concat(parts...))
}

func kinds(m *molecule) set.Batch  { return m.kinds }
func charge(m *molecule) set.Batch { return m.charge }
func pairs(m *molecule) set.Batch  { return m.pairs }

// bag predicts from the kinds of atoms alone.
type bag struct{ Net layers.Layer }

func (b *bag) Predict(t *grad.Tape, molecules []*molecule) grad.Value {
	return b.Net.Forward(t, gather(molecules, kinds))
}

// turned predicts from the kinds of atoms and their places, and learns from
// molecules in all orientations.
type turned struct{ Net layers.Layer }

func (p *turned) Predict(t *grad.Tape, molecules []*molecule) grad.Value {
	places := gather(molecules, func(m *molecule) set.Batch {
		if !t.Training() {
			return pointcloud.Batch(m.places)
		}
		return pointcloud.Batch(m.places.Transform(pointcloud.RandomRotation(t.Rand())))
	})
	return p.Net.Forward(t, t.Join(gather(molecules, kinds), places))
}

// spaced predicts from the kinds of atoms, their partial charges if wanted, and
// what is between each two of them, which is added to the logits of attention.
// No rotation changes that. The prediction is a sum over atoms.
type spaced struct {
	Embed  *layers.Linear
	Blocks []*spacedBlock
	Head   layers.Stack
	charge bool
}

func newSpaced(charge bool, rng *rand.Rand) *spaced {
	const dim = 64
	in := kindWidth
	if charge {
		in++
	}
	s := &spaced{Embed: layers.NewLinear(in, dim, rng), charge: charge}
	for range 3 {
		s.Blocks = append(s.Blocks, newSpacedBlock(dim, 4, rng))
	}
	s.Head = layers.Stack{layers.NewNorm(dim), models.Hidden(dim, dim, rng), layers.NewLinear(dim, 1, rng), layers.Sum}
	return s
}

func (s *spaced) Predict(t *grad.Tape, molecules []*molecule) grad.Value {
	x := gather(molecules, kinds)
	if s.charge {
		x = t.Join(x, gather(molecules, charge))
	}
	x = s.Embed.Forward(t, x)
	between := gather(molecules, pairs)
	for _, b := range s.Blocks {
		x = b.attend(t, x, between)
	}
	return s.Head.Forward(t, x)
}

// spacedBlock is a block of a transformer with a bias from pairs of elements
// (Ying et al. 2021):
//
//	H = X + softmax(Q Kᵀ/√d + Bias(pairs)) V W   with Q, K, V of Norm1(X)
//	Y = H + FF(Norm2(H))
type spacedBlock struct {
	Norm1, Norm2 *layers.Norm
	Attn         *layers.MultiHead
	Bias         layers.Stack
	FF           *layers.FeedForward
	Dropout      layers.Dropout
}

func newSpacedBlock(dim, heads int, rng *rand.Rand) *spacedBlock {
	return &spacedBlock{
		Norm1: layers.NewNorm(dim), Norm2: layers.NewNorm(dim),
		Attn:    layers.NewMultiHead(dim, dim, layers.Block{Dim: dim, Heads: heads, Scale: layers.ScaleHead}, rng),
		Bias:    layers.Stack{models.Hidden(pairWidth, 16, rng), layers.NewLinear(16, heads, rng)},
		FF:      layers.NewFeedForward(dim, 2*dim, rng),
		Dropout: 0.1,
	}
}

func (b *spacedBlock) attend(t *grad.Tape, x, pairs grad.Value) grad.Value {
	n := b.Norm1.Forward(t, x)
	h := t.Add(x, b.Dropout.Forward(t, b.Attn.Over(t, n, b.Attn.Keep(t, n), b.Bias.Forward(t, pairs))))
	return t.Add(h, b.Dropout.Forward(t, b.FF.Forward(t, b.Norm2.Forward(t, h))))
}

func sq(x float64) float64 { return x * x }
