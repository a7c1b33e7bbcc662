package attention_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers/attention"
	"setwise/layers/layertest"
	"setwise/set"
	"setwise/set/grad"
)

func sample(dim int) set.Batch { return layertest.Sample(dim, rand.New(rand.NewPCG(1, 2))) }

func TestWindow(t *testing.T) {
	b := set.New(1, 4, 0, 1, 2)
	for _, c := range []struct {
		radius int
		want   [][]int32
	}{
		{0, [][]int32{{0}, {1}, {2}, {3}, {4}, {5}, {6}}},
		{1, [][]int32{{0, 1}, {0, 1, 2}, {1, 2, 3}, {2, 3}, {4}, {5, 6}, {5, 6}}},
		{9, [][]int32{{0, 1, 2, 3}, {0, 1, 2, 3}, {0, 1, 2, 3}, {0, 1, 2, 3}, {4}, {5, 6}, {5, 6}}},
	} {
		r := attention.Window{Radius: c.radius}.Relate(b)
		require.NoError(t, r.Validate(b.Offsets, b.Offsets))
		for i, want := range c.want {
			assert.Equal(t, want, r.Of(i), "radius %d, element %d", c.radius, i)
		}
	}
	assert.Equal(t, set.Offsets{0}, attention.Window{}.Relate(set.Batch{}).Offsets)
}

func TestEdges(t *testing.T) {
	b := sample(2)
	first, second := attention.Window{Radius: 1}.Relate(b), attention.Window{Radius: 2}.Relate(b)
	b.Relations = []*set.Relation{first, second}
	assert.Same(t, first, attention.Edges{}.Relate(b))
	assert.Same(t, second, attention.Edges{Relation: 1}.Relate(b))
	for _, n := range []int{-1, 2} {
		var shape *set.ShapeError
		assert.ErrorAs(t, set.Try(func() { attention.Edges{Relation: n}.Relate(b) }), &shape)
	}
}

// Each mechanism says rightly whether order matters.
func TestOrdered(t *testing.T) {
	x := sample(6)
	x.Relations = []*set.Relation{attention.Window{Radius: 2}.Relate(x)}
	for _, m := range []attention.Mechanism{
		attention.Full{}, attention.Full{Scale: 2}, attention.Sparse{},
		attention.Sparse{Patterns: []attention.Pattern{attention.Edges{}}},
		attention.Sparse{Patterns: []attention.Pattern{attention.Window{Radius: 1}}},
		attention.Sparse{Patterns: []attention.Pattern{attention.Edges{}, attention.Window{Radius: 3}}},
	} {
		assert.NoError(t, layertest.Ordered(m, x, 3, rand.New(rand.NewPCG(3, 4))), "%+v", m)
	}
}

// Sparse attention is attention along the relations of its patterns, head by
// head.
func TestMix(t *testing.T) {
	x := sample(6)
	v := grad.Const(x)
	one, three := attention.Window{Radius: 1}, attention.Window{Radius: 3}
	var tape *grad.Tape
	along := []*set.Relation{one.Relate(x), three.Relate(x)}
	for _, c := range []struct {
		m    attention.Mechanism
		want grad.Attention
	}{
		{attention.Full{}, grad.Attention{Heads: 3}},
		{attention.Full{Scale: 0.1}, grad.Attention{Heads: 3, Scale: 0.1}},
		{attention.Sparse{}, grad.Attention{Heads: 3}},
		{attention.Sparse{Patterns: []attention.Pattern{one}}, grad.Attention{Heads: 3, Along: along[:1]}},
		{attention.Sparse{Patterns: []attention.Pattern{one, three}}, grad.Attention{Heads: 3, Along: along}},
	} {
		assert.Equal(t, tape.Attend(v, v, v, c.want), c.m.Mix(nil, 3, v, v, v), "%+v", c.m)
	}
}

// A window of one place sees the element itself only.
func ExampleSparse() {
	x := grad.Const(set.Of(1, []float32{1, 2, 3}, []float32{4}))
	near := attention.Sparse{Patterns: []attention.Pattern{attention.Window{}}}
	fmt.Println(near.Mix(nil, 1, x, x, x).Values, near.Ordered())
	// Output: [1 2 3 4] true
}

// Attention along the edges of a graph: here a path of three nodes, where the
// middle one sees both ends.
func ExampleEdges() {
	nodes := set.Of(1, []float32{10, 0, 30})
	nodes.Relations = []*set.Relation{{Offsets: set.Sizes(1, 2, 1), Index: []int32{1, 0, 2, 1}}}
	x := grad.Const(nodes)
	edges := attention.Sparse{Patterns: []attention.Pattern{attention.Edges{}}}
	fmt.Println(edges.Mix(nil, 1, x, x, x).Values)
	// Output: [0 20 0]
}
