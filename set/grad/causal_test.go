package grad_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/internal/gradtest"
	"setwise/set"
	"setwise/set/grad"
)

func TestAttendCausal(t *testing.T) {
	for _, c := range []struct {
		name  string
		q, k  set.Batch
		heads int
		bias  int // pairs
	}{
		{"self", gradtest.Usual(1, 4), gradtest.Usual(2, 4), 2, 0},
		{"more keys", gradtest.Ragged(1, 4, 2, 0, 1), gradtest.Ragged(2, 4, 5, 3, 1), 2, 0},
		{"more queries", gradtest.Ragged(1, 4, 5, 3, 1), gradtest.Ragged(2, 4, 2, 0, 1), 2, 0},
		{"bias", gradtest.Ragged(1, 4, 3, 2), gradtest.Ragged(2, 4, 3, 4), 2, 17},
		{"blocks", gradtest.Ragged(1, 4, 300, 97), gradtest.Ragged(2, 4, 300, 97), 2, 0},
		{"last of many", gradtest.Ragged(1, 2, 3), gradtest.Ragged(2, 2, 4100), 1, 0},
		{"shared", gradtest.Ragged(1, 4, 2), gradtest.Ragged(2, 4, 3, 4, 0), 2, 0},
	} {
		v := gradtest.Ragged(3, c.k.Dim, c.k.Len())
		v.Offsets = c.k.Offsets
		a := grad.Attention{Heads: c.heads, Causal: true}
		in, apart := []set.Batch{c.q, c.k, v}, []int{0, 1, 2}
		if c.name == "shared" {
			apart = []int{1, 2}
		}
		if c.bias > 0 {
			in, apart = append(in, gradtest.Ragged(4, c.heads, c.bias)), nil
		}
		(&gradtest.Check{
			Name: c.name, In: in, Apart: apart,
			Op: attend(a), Twin: attention(a, nil), Large: c.q.Len()*c.k.Len() > 1000, Huge: c.k.Len() > 300,
		}).Run(t)
	}
	q, k, v := gradtest.Usual(1, 4), gradtest.Usual(2, 4), gradtest.Usual(3, 4)
	along := []*set.Relation{related(6, q.Offsets, k.Offsets), related(7, q.Offsets, k.Offsets)}
	(&gradtest.Check{
		Name: "along", In: []set.Batch{q, k, v},
		Op: attend(grad.Attention{Heads: 2, Causal: true, Along: along}), Twin: attention(grad.Attention{Heads: 2, Causal: true}, along),
	}).Run(t)
}

// The last queries alone give the bits that they give among all: decoding step
// by step is the whole pass.
func TestCausalSteps(t *testing.T) {
	const n, dim = 1200, 16
	q, k, v := gradtest.Ragged(1, dim, n), gradtest.Ragged(2, dim, n), gradtest.Ragged(3, dim, n)
	a := grad.Attention{Heads: 4, Causal: true}
	var tape *grad.Tape
	whole := tape.Attend(grad.Const(q), grad.Const(k), grad.Const(v), a)
	for _, end := range []int{1, 2, 95, 97, 255, 256, 257, 513, n} {
		first := func(b set.Batch) grad.Value { return grad.Const(set.Of(dim, b.Values[:end*dim])) }
		for _, rows := range []int{1, min(end, 5)} {
			last := grad.Const(set.Of(dim, q.Values[(end-rows)*dim:end*dim]))
			assert.Equal(t, whole.Values[(end-rows)*dim:end*dim], tape.Attend(last, first(k), first(v), a).Values, "%d of %d", rows, end)
		}
	}
}

// Queries of one batch follow a relation to keys of another.
func TestAttendAlongToOthers(t *testing.T) {
	q, k := gradtest.Ragged(1, 4, 2, 2, 3, 0, 1), gradtest.Usual(2, 4)
	v := gradtest.Usual(3, 4)
	r := related(6, q.Offsets, k.Offsets)
	r.To = k.Offsets
	a := grad.Attention{Heads: 2, Along: []*set.Relation{r}}
	(&gradtest.Check{Name: "cross", In: []set.Batch{q, k, v}, Op: attend(a), Twin: attention(a, a.Along)}).Run(t)
	r.To = q.Offsets
	var shape *set.ShapeError
	assert.ErrorAs(t, set.Try(func() { attend(a)(nil, values(q, k, v), nil) }), &shape, "a relation to other sets")
}
