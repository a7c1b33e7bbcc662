package attention_test

import (
	"encoding/json"
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
		r := attention.Window{Radius: c.radius}.Relate(b, b)
		require.NoError(t, r.Validate(b.Offsets, b.Offsets))
		for i, want := range c.want {
			assert.Equal(t, want, r.Of(i), "radius %d, element %d", c.radius, i)
		}
	}
	assert.Equal(t, set.Offsets{0}, attention.Window{}.Relate(set.Batch{}, set.Batch{}).Offsets)
	var shape *set.ShapeError
	assert.ErrorAs(t, set.Try(func() { attention.Window{}.Relate(b, set.New(1, 4, 0)) }), &shape)
}

func TestEdges(t *testing.T) {
	b := sample(2)
	first, second := attention.Window{Radius: 1}.Relate(b, b), attention.Window{Radius: 2}.Relate(b, b)
	second.Name = "far"
	b = b.Relate(first).Relate(second)
	assert.Same(t, first, attention.Edges{}.Relate(b, b))
	assert.Same(t, second, attention.Edges{Name: "far"}.Relate(b, b))
	err := set.Try(func() { attention.Edges{Name: "near"}.Relate(b, b) })
	assert.ErrorContains(t, err, `a relation called "near", got one with 2 relations`)
}

// Each mechanism says rightly whether order matters.
func TestOrdered(t *testing.T) {
	x := sample(6)
	x.Relations = []*set.Relation{attention.Window{Radius: 2}.Relate(x, x)}
	for _, m := range []attention.Mechanism{
		attention.Full{}, attention.Sparse{},
		attention.Sparse{Patterns: []attention.Pattern{attention.Edges{}}},
		attention.Sparse{Patterns: []attention.Pattern{attention.Window{Radius: 1}}},
		attention.Sparse{Patterns: []attention.Pattern{attention.Edges{}, attention.Window{Radius: 3}}},
	} {
		assert.NoError(t, layertest.Ordered(m, x, 3, rand.New(rand.NewPCG(3, 4))), "%+v", m)
	}
}

// What a mixer is told gets to the engine, and relations are those of the
// elements that queries and keys were made of.
func TestMix(t *testing.T) {
	x, y := sample(6), sample(2)
	r := attention.Window{Radius: 2}.Relate(y, y)
	r.Name = "near"
	y = y.Relate(r)
	v := grad.Const(x)
	one, three := attention.Window{Radius: 1}, attention.Window{Radius: 3}
	var tape *grad.Tape
	along := []*set.Relation{one.Relate(x, x), three.Relate(x, x)}
	in := attention.Inputs{Query: v, Key: v, Value: v, From: y, To: y, Heads: 3, Scale: 0.1}
	for _, c := range []struct {
		m    attention.Mechanism
		want grad.Attention
	}{
		{attention.Full{}, grad.Attention{Heads: 3, Scale: 0.1}},
		{attention.Sparse{}, grad.Attention{Heads: 3, Scale: 0.1}},
		{attention.Sparse{Patterns: []attention.Pattern{one}}, grad.Attention{Heads: 3, Scale: 0.1, Along: along[:1]}},
		{attention.Sparse{Patterns: []attention.Pattern{one, three}}, grad.Attention{Heads: 3, Scale: 0.1, Along: along}},
		{attention.Sparse{Patterns: []attention.Pattern{attention.Edges{Name: "near"}}}, grad.Attention{Heads: 3, Scale: 0.1, Along: []*set.Relation{r}}},
	} {
		for _, told := range []struct{ residual, causal bool }{{false, false}, {true, false}, {true, true}} {
			in.Residual, in.Causal = told.residual, told.causal
			c.want.Residual, c.want.Causal = told.residual, told.causal
			assert.Equal(t, tape.Attend(v, v, v, c.want).Values, c.m.New(6, 3, nil).Mix(nil, in).Values, "%+v", c.m)
		}
	}
}

// What a mechanism cannot heed is refused in its name.
func TestRefuse(t *testing.T) {
	x := grad.Const(set.New(1, 1))
	assert.NoError(t, set.Try(func() { attention.Inputs{}.Refuse("Mine") }))
	assert.ErrorContains(t, set.Try(func() { attention.Inputs{Causal: true}.Refuse("Mine") }), "attention.Mine: want attention in any order, got causal")
	assert.ErrorContains(t, set.Try(func() { attention.Inputs{Bias: x}.Refuse("Mine") }), "attention.Mine: want attention without a bias, got one")
}

// Mechanisms are data.
func TestJSON(t *testing.T) {
	text, err := json.Marshal(attention.Sparse{Patterns: []attention.Pattern{attention.Edges{Name: "near"}, attention.Window{Radius: 3}}})
	require.NoError(t, err)
	assert.JSONEq(t, `{"Patterns": [{"Name": "near"}, {"Radius": 3}]}`, string(text))
}

// A window of one place sees the element itself only.
func ExampleSparse() {
	x := grad.Const(set.Of(1, []float32{1, 2, 3}, []float32{4}))
	near := attention.Sparse{Patterns: []attention.Pattern{attention.Window{}}}
	mixer := near.New(1, 1, nil)
	y := mixer.Mix(nil, attention.Inputs{Query: x, Key: x, Value: x, From: x.Batch, To: x.Batch, Heads: 1, Scale: 1})
	fmt.Println(y.Values, near.Ordered())
	// Output: [1 2 3 4] true
}

// Attention along the edges of a graph: here a path of three nodes, where the
// middle one sees both ends.
func ExampleEdges() {
	nodes := set.Of(1, []float32{10, 0, 30})
	nodes = nodes.Relate(&set.Relation{Name: "edges", Offsets: set.Sizes(1, 2, 1), Index: []int32{1, 0, 2, 1}})
	x := grad.Const(nodes)
	along := nodes.Relation("edges")
	var t *grad.Tape // inference
	fmt.Println(t.Attend(x, x, x, grad.Attention{Along: []*set.Relation{along}}).Values)
	// Output: [0 20 0]
}
