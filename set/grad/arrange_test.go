package grad_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/internal/gradtest"
	"setwise/set"
	"setwise/set/grad"
)

func TestArrange(t *testing.T) {
	for _, c := range []gradtest.Check{
		{Name: "repeat", In: []set.Batch{gradtest.Ragged(1, 3, 4)},
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Repeat(in[0], 3) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				return gradtest.Sets{Dim: 3, Off: set.Offsets{0, 4, 8, 12}, V: slices.Repeat(x[0].V, 3)}
			}},
		{Name: "repeat once", In: []set.Batch{gradtest.Ragged(1, 3, 4)},
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Repeat(in[0], 1) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				return gradtest.Sets{Dim: 3, Off: set.Offsets{0, 4}, V: slices.Clone(x[0].V)}
			}},
		{Name: "repeat never", In: []set.Batch{gradtest.Ragged(1, 3, 4)},
			Op:   func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Repeat(in[0], 0) },
			Twin: func(x []gradtest.Sets) gradtest.Sets { return gradtest.Sets{Dim: 3, Off: set.Offsets{0}} }},
		{Name: "repeat nothing", In: []set.Batch{set.New(3, 0)},
			Op:   func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Repeat(in[0], 2) },
			Twin: func(x []gradtest.Sets) gradtest.Sets { return gradtest.Sets{Dim: 3, Off: set.Offsets{0, 0, 0}} }},
		{Name: "join", In: []set.Batch{gradtest.Usual(1, 3), gradtest.Usual(2, 1), gradtest.Usual(3, 2)}, Apart: []int{0, 1, 2},
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Join(in...) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				y := gradtest.Zeros(x[0].Off, 6)
				for i := range y.Off.Len() {
					copy(y.Row(i), slices.Concat(x[0].Row(i), x[1].Row(i), x[2].Row(i)))
				}
				return y
			}},
		{Name: "join with itself", In: []set.Batch{gradtest.Usual(1, 2)}, Apart: []int{0},
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Join(in[0], in[0]) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				y := gradtest.Zeros(x[0].Off, 4)
				for i := range y.Off.Len() {
					copy(y.Row(i), slices.Concat(x[0].Row(i), x[0].Row(i)))
				}
				return y
			}},
		{Name: "columns", In: []set.Batch{gradtest.Usual(1, 5)}, Apart: []int{0},
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Columns(in[0], 1, 4) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				y := gradtest.Zeros(x[0].Off, 3)
				for i := range y.Off.Len() {
					copy(y.Row(i), x[0].Row(i)[1:4])
				}
				return y
			}},
		{Name: "no columns", In: []set.Batch{gradtest.Usual(1, 5)}, Apart: []int{0},
			Op:   func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Columns(in[0], 2, 2) },
			Twin: func(x []gradtest.Sets) gradtest.Sets { return gradtest.Zeros(x[0].Off, 0) }},
		{Name: "unfold", In: []set.Batch{gradtest.Usual(1, 6)}, Apart: []int{0},
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Unfold(in[0], 3) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				off := slices.Clone(x[0].Off)
				for i := range off {
					off[i] *= 3
				}
				return gradtest.Sets{Dim: 2, Off: off, V: slices.Clone(x[0].V)}
			}},
		{Name: "spread", In: []set.Batch{gradtest.Ragged(1, 4, 1, 1, 1, 1, 1)},
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value {
				return t.Spread(in[0], gradtest.Usual(1, 1).Offsets)
			},
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				y := gradtest.Zeros(gradtest.Usual(1, 1).Offsets, 4)
				for s := range y.Number() {
					for i := y.Off[s]; i < y.Off[s+1]; i++ {
						copy(y.Row(i), x[0].Row(s))
					}
				}
				return y
			}},
		{Name: "gather", Params: []*grad.Param{gradtest.Normal(1, 4, 3)},
			Op: func(t *grad.Tape, _, p []grad.Value) grad.Value {
				return t.Gather(p[0], []int32{3, 0, 0, 2, 0}, set.Sizes(2, 0, 3))
			},
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				y := gradtest.Zeros(set.Sizes(2, 0, 3), 3)
				for i, r := range []int{3, 0, 0, 2, 0} {
					copy(y.Row(i), x[0].Row(r))
				}
				return y
			}},
		{Name: "gather of nothing", Params: []*grad.Param{gradtest.Normal(1, 4, 3)},
			Op: func(t *grad.Tape, _, p []grad.Value) grad.Value {
				return t.Gather(p[0], nil, set.Offsets{0, 0})
			},
			Twin: func(x []gradtest.Sets) gradtest.Sets { return gradtest.Zeros(set.Offsets{0, 0}, 3) }},
		{Name: "gather across sets", In: []set.Batch{gradtest.Usual(1, 3)},
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value {
				return t.Gather(in[0], []int32{10, 0, 0, 4, 10}, set.Sizes(0, 4, 1))
			},
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				y := gradtest.Zeros(set.Sizes(0, 4, 1), 3)
				for i, r := range []int{10, 0, 0, 4, 10} {
					copy(y.Row(i), x[0].Row(r))
				}
				return y
			}},
		{Name: "gather many", In: []set.Batch{gradtest.Ragged(1, 16, 300, 0, 77)}, Large: true,
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value {
				return t.Gather(in[0], manyRows(), set.Sizes(len(manyRows())))
			},
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				y := gradtest.Zeros(set.Sizes(len(manyRows())), 16)
				for i, r := range manyRows() {
					copy(y.Row(i), x[0].Row(int(r)))
				}
				return y
			}},
		{Name: "stack", In: []set.Batch{gradtest.Usual(1, 3), gradtest.Ragged(2, 3, 2, 0)},
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Stack(in[0], in[1], in[0]) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				return gradtest.Sets{Dim: 3, Off: set.Sizes(3, 0, 1, 5, 2, 2, 0, 3, 0, 1, 5, 2), V: slices.Concat(x[0].V, x[1].V, x[0].V)}
			}},
		{Name: "regroup", In: []set.Batch{gradtest.Usual(1, 3)},
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Regroup(in[0], set.Sizes(0, 6, 5)) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				return gradtest.Sets{Dim: 3, Off: set.Sizes(0, 6, 5), V: slices.Clone(x[0].V)}
			}},
		{Name: "unite", In: []set.Batch{gradtest.Ragged(1, 2, 2, 0, 1), gradtest.Ragged(2, 2, 1), gradtest.Ragged(3, 2, 0, 3, 1)},
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Unite(in...) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				a, b, c := x[0].V, x[1].V, x[2].V
				return gradtest.Sets{Dim: 2, Off: set.Sizes(3, 4, 3), V: slices.Concat(a[:4], b, b, c[:6], a[4:], b, c[6:])}
			}},
	} {
		c.Run(t)
	}
}

// manyRows are so many that processors share them.
func manyRows() []int32 {
	rows := make([]int32, 5000)
	for i := range rows {
		rows[i] = int32(i * i % 377)
	}
	return rows
}

// Results carry the relations of their first input, for attention further on.
func TestRelationsAreCarried(t *testing.T) {
	x := set.Of(2, []float32{1, 2, 3, 4})
	x.Relations = []*set.Relation{{Offsets: set.Offsets{0, 1, 2}, Index: []int32{1, 0}}}
	var tape *grad.Tape
	v := grad.Const(x)
	for _, y := range []grad.Value{
		tape.Affine(v, tape.Param(gradtest.Normal(1, 2, 3)), grad.Value{}), tape.ReLU(v), tape.Add(v, v), tape.Join(v, v), tape.Columns(v, 0, 1),
		tape.LayerNorm(v, tape.Param(gradtest.Normal(1, 1, 2)), tape.Param(gradtest.Normal(2, 1, 2))), tape.Softmax(v), tape.Attend(v, v, v, grad.Attention{}),
	} {
		assert.Equal(t, x.Relations, y.Relations)
	}
}
