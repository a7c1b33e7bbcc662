package grad_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/set"
	"setwise/set/grad"
)

func TestArrange(t *testing.T) {
	for _, c := range []check{
		{name: "repeat", in: []set.Batch{ragged(1, 3, 4)},
			op: func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value { return t.Repeat(in[0], 3) },
			twin: func(x []sets) sets {
				return sets{dim: 3, off: set.Offsets{0, 4, 8, 12}, v: slices.Repeat(x[0].v, 3)}
			}},
		{name: "repeat once", in: []set.Batch{ragged(1, 3, 4)},
			op:   func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value { return t.Repeat(in[0], 1) },
			twin: func(x []sets) sets { return sets{dim: 3, off: set.Offsets{0, 4}, v: slices.Clone(x[0].v)} }},
		{name: "repeat never", in: []set.Batch{ragged(1, 3, 4)},
			op:   func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value { return t.Repeat(in[0], 0) },
			twin: func(x []sets) sets { return sets{dim: 3, off: set.Offsets{0}} }},
		{name: "repeat nothing", in: []set.Batch{set.New(3, 0)},
			op:   func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value { return t.Repeat(in[0], 2) },
			twin: func(x []sets) sets { return sets{dim: 3, off: set.Offsets{0, 0, 0}} }},
		{name: "join", in: []set.Batch{usual(1, 3), usual(2, 1), usual(3, 2)}, apart: []int{0, 1, 2},
			op: func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value { return t.Join(in...) },
			twin: func(x []sets) sets {
				y := zeros(x[0].off, 6)
				for i := range y.off.Len() {
					copy(y.row(i), slices.Concat(x[0].row(i), x[1].row(i), x[2].row(i)))
				}
				return y
			}},
		{name: "join with itself", in: []set.Batch{usual(1, 2)}, apart: []int{0},
			op: func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value { return t.Join(in[0], in[0]) },
			twin: func(x []sets) sets {
				y := zeros(x[0].off, 4)
				for i := range y.off.Len() {
					copy(y.row(i), slices.Concat(x[0].row(i), x[0].row(i)))
				}
				return y
			}},
		{name: "columns", in: []set.Batch{usual(1, 5)}, apart: []int{0},
			op: func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value { return t.Columns(in[0], 1, 4) },
			twin: func(x []sets) sets {
				y := zeros(x[0].off, 3)
				for i := range y.off.Len() {
					copy(y.row(i), x[0].row(i)[1:4])
				}
				return y
			}},
		{name: "no columns", in: []set.Batch{usual(1, 5)}, apart: []int{0},
			op:   func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value { return t.Columns(in[0], 2, 2) },
			twin: func(x []sets) sets { return zeros(x[0].off, 0) }},
		{name: "unfold", in: []set.Batch{usual(1, 6)}, apart: []int{0},
			op: func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value { return t.Unfold(in[0], 3) },
			twin: func(x []sets) sets {
				off := slices.Clone(x[0].off)
				for i := range off {
					off[i] *= 3
				}
				return sets{dim: 2, off: off, v: slices.Clone(x[0].v)}
			}},
		{name: "spread", in: []set.Batch{ragged(1, 4, 1, 1, 1, 1, 1)},
			op: func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value {
				return t.Spread(in[0], usual(1, 1).Offsets)
			},
			twin: func(x []sets) sets {
				y := zeros(usual(1, 1).Offsets, 4)
				for s := range y.number() {
					for i := y.off[s]; i < y.off[s+1]; i++ {
						copy(y.row(i), x[0].row(s))
					}
				}
				return y
			}},
		{name: "lookup", params: []*grad.Param{normal(1, 4, 3)},
			op: func(t *grad.Tape, _ []grad.Value, p []*grad.Param) grad.Value {
				return t.Lookup(p[0], []int{3, 0, 0, 2, 0}, set.Sizes(2, 0, 3))
			},
			twin: func(x []sets) sets {
				y := zeros(set.Sizes(2, 0, 3), 3)
				for i, r := range []int{3, 0, 0, 2, 0} {
					copy(y.row(i), x[0].row(r))
				}
				return y
			}},
		{name: "lookup of nothing", params: []*grad.Param{normal(1, 4, 3)},
			op: func(t *grad.Tape, _ []grad.Value, p []*grad.Param) grad.Value {
				return t.Lookup(p[0], nil, set.Offsets{0, 0})
			},
			twin: func(x []sets) sets { return zeros(set.Offsets{0, 0}, 3) }},
	} {
		c.run(t)
	}
}

// Results carry the relations of their first input, for attention further on.
func TestRelationsAreCarried(t *testing.T) {
	x := set.Of(2, []float32{1, 2, 3, 4})
	x.Relations = []*set.Relation{{Offsets: set.Offsets{0, 1, 2}, Index: []int32{1, 0}}}
	var tape *grad.Tape
	v := grad.Const(x)
	for _, y := range []grad.Value{
		tape.Affine(v, normal(1, 2, 3), nil), tape.ReLU(v), tape.Add(v, v), tape.Join(v, v), tape.Columns(v, 0, 1),
		tape.LayerNorm(v, normal(1, 1, 2), normal(2, 1, 2)), tape.Softmax(v), tape.Attend(v, v, v, grad.Attention{}),
	} {
		assert.Equal(t, x.Relations, y.Relations)
	}
}
