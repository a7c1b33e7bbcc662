package local

import (
	"math/rand/v2"

	"setwise/layers"
	"setwise/pointcloud"
	"setwise/set"
	"setwise/set/grad"
)

// Attention lets every centre attend to the points of its group, which it sees
// where they lie from it, as the layers of Point Transformer do (Zhao et al. 2021,
// arXiv:2012.09164). With the centre i and the points j of its group N(i),
//
//	q_i  = Attn.Query(x_i)
//	k_ij = Attn.Key([(p_j - p_i)/r, x_j])      v_ij = Attn.Value([(p_j - p_i)/r, x_j])
//	h_i  = q_i + sum_j softmax_j(Scale q_i k_ij) v_ij      in each head
//	y_i  = [p_i, h_i + FF(h_i)]
//
// where p is the place and x the features of an element. Keys and values cost
// once a point, for they are linear in places: -p_i adds the same number to all
// logits of a query, which changes nothing, and the same vector to all values. So
// it is sparse attention along a relation: O(points * in * out + pairs * out).
//
// It is a Pair too: points attend to centres and take back what those have
// gathered, each by the Groups.Near nearest ones. Attn must not have an Out, nor a
// Mixer.
type Attention struct {
	Groups pointcloud.Groups
	Unit   float32 // r; 0 means Groups.Radius, or 1 without one
	Attn   *layers.MultiHead
	FF     *layers.FeedForward
}

// NewAttention returns attention from elements of width x to groups of elements
// of width y, which may be the same, places included, that gives elements of width
// 3 + b.Dim. Of b it takes Dim, Heads, Hidden and Scale, and refuses all else: it
// panics with a [*set.ShapeError] if that is set, and if groups are not valid.
func NewAttention(x, y int, groups pointcloud.Groups, b layers.Block, rng *rand.Rand) *Attention {
	const op = "local.NewAttention"
	need(op, "x", x, wide)
	need(op, "y", y, wide)
	needGroups(groups)
	if b.Norm != layers.NormNone || b.Dropout != 0 || b.Causal || b.Mechanism != nil {
		panic(set.Mismatch(op, "a block without a norm, dropout, causal order or mechanism, got %+v", b))
	}
	attn := layers.NewMultiHead(x-wide, y, b, rng)
	attn.Out = nil
	return &Attention{Groups: groups, Attn: attn, FF: layers.NewFeedForward(b.Dim, b.Hidden, rng)}
}

// Forward returns an element for each centre.
func (a *Attention) Forward(t *grad.Tape, x grad.Value) grad.Value {
	const op = "local.Attention"
	at, near := groupsOf(op, a.Groups, x)
	return a.along(t, chosen(t, x, at, a.Groups.Every()), x, near)
}

// Attend implements [layers.Pair]: it returns the elements of x, which know the
// Groups.Near elements of y nearest to them.
func (a *Attention) Attend(t *grad.Tape, x, y grad.Value) grad.Value {
	const op = "local.Attention"
	return a.along(t, x, y, backTo(op, a.Groups, x, y, a.Groups.Near))
}

// along returns the elements of x, changed by those of y that they know.
func (a *Attention) along(t *grad.Tape, x, y grad.Value, near bond) grad.Value {
	const op = "local.Attention"
	if a.Attn == nil || a.Attn.Out != nil || a.Attn.Mixer != nil || a.FF == nil {
		panic(set.Mismatch(op, "an Attn without Out and Mixer, and an FF, got another or nil"))
	}
	needLinear(op, "Attn.Value", a.Attn.Value)
	unit := unitOf(op, a.Unit, a.Groups)
	q := in("Attn.Query", a.Attn.Query, t, t.Columns(x, wide, x.Dim))
	seen := relative(t, y, grad.Value{}, unit)
	k, v := in("Attn.Key", a.Attn.Key, t, seen), in("Attn.Value", a.Attn.Value, t, seen)
	h := t.Attend(q, k, v, grad.Attention{Heads: a.Attn.Heads, Scale: a.Attn.Scale, Residual: true, Along: []*set.Relation{near.Relation}})
	p := places(t, x)
	h = t.Add(h, known(t, shift(t, p, t.Param(a.Attn.Value.Weight), unit), near))
	return t.Join(p, t.Add(h, in("FF", a.FF, t, h)))
}

// known returns x with zero for the elements that know none.
func known(t *grad.Tape, x grad.Value, near bond) grad.Value {
	alone := false
	keep := t.Like(x.Batch, x.Dim)
	for i := range keep.Len() {
		some := float32(min(len(near.Of(i)), 1))
		alone = alone || some == 0
		for k := range keep.Row(i) {
			keep.Row(i)[k] = some
		}
	}
	if !alone {
		return x
	}
	return t.Multiply(x, grad.Const(keep))
}
