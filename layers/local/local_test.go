package local_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/layertest"
	"setwise/layers/local"
	"setwise/pointcloud"
	"setwise/set"
	"setwise/set/grad"
)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 9)) }

var (
	few   = pointcloud.Groups{Centres: 5, Near: 4}
	ball  = pointcloud.Groups{Centres: 6, Near: 5, Radius: 1.5}
	every = pointcloud.Groups{Near: 4}
)

// a model is a layer for elements of width 5, and what becomes of them.
type model struct {
	name string
	l    layers.Layer
	kind layertest.Kind
}

// models returns every layer of the package, in every form.
func models(rng *rand.Rand) []model {
	group := func(g pointcloud.Groups, change func(*local.Group)) *local.Group {
		l := local.NewGroup(5, 6, g, rng)
		if change != nil {
			change(l)
		}
		return l
	}
	mlp := func(l *local.Group) {
		l.Net = layers.Stack{layers.NewLinear(6, 4, rng), layers.ReLU, layers.Max}
	}
	block := layers.Block{Dim: 6, Heads: 2}
	edges := local.NewEdgeConv(5, 6, every, rng)
	deep := local.NewEdgeConv(5, 6, every, rng)
	deep.Net = layers.Stack{layers.NewLinear(6, 4, rng), layers.Mean}
	config := local.Config{In: 5, Out: 3, Dim: 8, Hidden: 6, Stages: []local.Stage{
		{Groups: pointcloud.Groups{Near: 3}, Dim: 4}, {Groups: ball, Points: []int{4}, Dim: 6}, {Groups: pointcloud.Groups{Centres: 3, Near: 3}, Dim: 5, Pairs: []int{6}},
	}}
	blocks, points := config, config
	blocks.Blocks, blocks.Heads, blocks.Dropout = 1, 2, 0.3
	points.Points, points.Back = true, 5
	return []model{
		{"group", group(few, nil), layertest.Pool},
		{"group in a ball", group(ball, func(l *local.Group) { l.Unit = 0.5 }), layertest.Pool},
		{"group in all of a ball", group(pointcloud.Groups{Centres: 4, Radius: 1}, nil), layertest.Pool},
		{"group in voxels", group(pointcloud.Groups{Cell: 1.5, Near: 3}, nil), layertest.Pool},
		{"group at random", group(pointcloud.Groups{Centres: 4, Random: true, Near: 3}, nil), layertest.Pool},
		{"group of every point", group(every, nil), layertest.Elements},
		{"group after each", group(few, func(l *local.Group) {
			l.Each, l.First = layers.NewFeedForward(5, 0, rng), layers.NewLinear(8, 6, rng)
		}), layertest.Pool},
		{"group of pairs", group(few, mlp), layertest.Pool},
		{"group of every point's pairs", group(every, mlp), layertest.Elements},
		{"group by attention", group(few, func(l *local.Group) { l.Net = layers.NewPMA(1, block, rng) }), layertest.Pool},
		{"scales", local.Scales{group(few, nil), group(pointcloud.Groups{Centres: 5, Near: 9}, mlp)}, layertest.Pool},
		{"edges", edges, layertest.Elements},
		{"edges of pairs", deep, layertest.Elements},
		{"edges to centres", local.NewEdgeConv(5, 6, few, rng), layertest.Pool},
		{"attention", local.NewAttention(5, 5, every, block, rng), layertest.Elements},
		{"attention of centres", local.NewAttention(5, 5, ball, block, rng), layertest.Pool},
		{"placed", local.Placed{layers.NewSAB(5, block, rng)}, layertest.Elements},
		{"there and back", backAndForth{group(few, nil), local.NewInterpolate(5, 9, 4, few, rng)}, layertest.Elements},
		{"there and back with a net", backAndForth{group(few, nil), withNet(local.NewInterpolate(5, 9, 4, few, rng), rng)}, layertest.Elements},
		{"there and back by attention", backAndForth{group(few, nil), local.NewAttention(5, 9, few, block, rng)}, layertest.Elements},
		{"network", local.NewNetwork(config, rng), layertest.Pool},
		{"network of blocks", local.NewNetwork(blocks, rng), layertest.Pool},
		{"network of points", local.NewNetwork(points, rng), layertest.Elements},
		{"stack", layers.Stack{group(few, nil), local.NewGroup(9, 4, pointcloud.Groups{Centres: 2, Near: 3}, rng), layers.NewPMA(1, layers.Block{Dim: 7, Heads: 1}, rng)}, layertest.Pool},
	}
}

func withNet(l *local.Interpolate, rng *rand.Rand) *local.Interpolate {
	l.Net = layers.NewFeedForward(4, 0, rng)
	return l
}

// backAndForth is a stage and the way back.
type backAndForth struct {
	Stage layers.Layer
	Back  layers.Pair
}

func (b backAndForth) Forward(t *grad.Tape, x grad.Value) grad.Value {
	return b.Back.Attend(t, x, b.Stage.Forward(t, x))
}

// Every layer keeps every promise, with groups that were prepared and with those
// that it finds, but that the first ones alone are the same while places move.
func TestLayers(t *testing.T) {
	for _, m := range models(seeded(1)) {
		t.Run(m.name, func(t *testing.T) {
			x := layertest.Sample(5, seeded(2))
			rng := seeded(3)
			company, _ := x.Shuffle(rng)
			if m.kind == layertest.Pool {
				assert.NoError(t, layertest.Invariant(m.l, x, rng))
			} else {
				assert.NoError(t, layertest.Equivariant(m.l, x, rng))
			}
			assert.NoError(t, layertest.Alone(m.l, x, company))
			assert.NoError(t, layertest.Corners(m.l, x))
			assert.NoError(t, layertest.Pure(m.l, x))
			layertest.All(t, m.l, m.kind, prepared(t, m.l, x))
		})
	}
}

// prepared returns x with the groups that a layer asks for.
func prepared(t *testing.T, l layers.Layer, x set.Batch) set.Batch {
	var err error
	prepare := func(back int, stages ...pointcloud.Groups) {
		x, err = pointcloud.Prepare(x, back, stages...)
		require.NoError(t, err)
	}
	switch l := l.(type) {
	case *local.Group:
		prepare(0, l.Groups)
	case *local.EdgeConv:
		prepare(0, l.Groups)
	case *local.Attention:
		prepare(0, l.Groups)
	case local.Scales:
		for _, g := range l {
			prepare(0, g.Groups)
		}
	case backAndForth:
		prepare(3, l.Stage.(*local.Group).Groups)
		prepare(4, l.Stage.(*local.Group).Groups)
	case *local.Network:
		x, err = l.Config.Prepare(x)
		require.NoError(t, err)
	case layers.Stack:
		prepare(0, l[0].(*local.Group).Groups, l[1].(*local.Group).Groups)
	}
	return x
}

// crowd returns sets of points on a lattice, so that distances tie, with
// features: one has far more points than there are centres, one is empty, one is a
// point, one a hundred equal points, others have fewer points than centres or
// neighbours.
func crowd(rng *rand.Rand) set.Batch {
	b := set.New(5, 150, 0, 1, 100, 3, 40)
	for i := range b.Len() {
		for k := range 5 {
			if b.Row(i)[k] = float32(rng.NormFloat64()); k < 3 {
				b.Row(i)[k] = float32(rng.IntN(5)-2) / 2
			}
		}
	}
	for i := range 100 {
		copy(b.Row(151+i), b.Row(151))
	}
	return b
}

// The order in which points are stored changes nothing, not a bit, where
// distances tie and points coincide. What is pooled by sums alone may round
// otherwise.
func TestOrderOfStorage(t *testing.T) {
	x := crowd(seeded(3))
	for _, m := range models(seeded(4)) {
		if m.name == "placed" { // full attention, whose sums are in the order of storage
			continue
		}
		want := layers.Apply(m.l, x)
		for seed := range uint64(3) {
			shuffled, from := x.Shuffle(seeded(seed))
			got := layers.Apply(m.l, shuffled)
			if m.kind == layertest.Elements {
				back := got.Clone()
				for i, j := range from {
					copy(back.Row(j), got.Row(i))
				}
				got = back
			}
			require.Equal(t, want.Offsets, got.Offsets)
			require.True(t, slices.Equal(want.Values, got.Values), m.name)
		}
	}
}

// A set gives the same bits alone and in company, in training as well, and on
// any number of processors; and the bits of inference are those of training.
func TestSameBits(t *testing.T) {
	x := crowd(seeded(5))
	large := set.New(5, 3000)
	for i := range large.Values {
		large.Values[i] = float32(seeded(uint64(i)).NormFloat64())
	}
	x = set.Concat(x, large)
	procs := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(procs)
	for _, m := range models(seeded(6)) {
		var y, dx []float32
		var dp [][]float32
		for _, n := range []int{1, 2, 4} {
			runtime.GOMAXPROCS(n)
			tape := grad.NewTape(nil)
			tape.Train(false)
			in := tape.Input(x)
			out := m.l.Forward(tape, in)
			dy := make([]float32, len(out.Values))
			for i := range dy {
				dy[i] = float32(i%7) - 3
			}
			g := tape.GradientsFrom(out, dy)
			var params [][]float32
			for _, p := range layers.Params(m.l) {
				params = append(params, slices.Clone(g.Of(p)))
			}
			if n == 1 {
				y, dx, dp = slices.Clone(out.Values), slices.Clone(g.At(in)), params
			}
			require.True(t, slices.Equal(y, out.Values), "%s on %d processors", m.name, n)
			require.True(t, slices.Equal(dx, g.At(in)), "gradient of %s on %d processors", m.name, n)
			require.Equal(t, dp, params, "%s on %d processors", m.name, n)
			require.True(t, slices.Equal(y, layers.Apply(m.l, x).Values), "inference of %s on %d processors", m.name, n)
		}
		require.NoError(t, layertest.Alone(m.l, x, x), m.name)
	}
}

// What was prepared is what layers find, to the bit, and it stays with clouds
// that are put together, chosen and turned.
func TestPrepared(t *testing.T) {
	x := crowd(seeded(7))
	c := local.Config{In: 5, Out: 3, Points: true, Stages: []local.Stage{
		{Groups: every, Dim: 4}, {Groups: pointcloud.Groups{Centres: 20, Near: 6}, Dim: 4}, {Groups: few, Dim: 4},
	}}
	for _, points := range []bool{true, false} {
		c.Points = points
		m := local.NewNetwork(c, seeded(8))
		p, err := c.Prepare(x)
		require.NoError(t, err)
		require.NoError(t, p.Validate())
		require.True(t, slices.Equal(layers.Apply(m, x).Values, layers.Apply(m, p).Values))
		pieces := set.Concat(p.At(5), p.Slice(0, 3), p.Select(3, 4))
		bare := pieces
		bare.Relations = nil
		require.True(t, slices.Equal(layers.Apply(m, bare).Values, layers.Apply(m, pieces).Values))

		// The relations are used: other ones give something else.
		wrong := p.Clone()
		wrong.Relations = slices.Clone(p.Relations)
		for i, r := range wrong.Relations {
			index := slices.Clone(r.Index)
			for n := range index {
				index[n] = index[r.Offsets[sourceOf(r, n)]]
			}
			changed := *r
			changed.Index = index
			wrong.Relations[i] = &changed
		}
		assert.False(t, slices.Equal(layers.Apply(m, x).Values, layers.Apply(m, wrong).Values))
	}
	_, err := local.Config{In: 2, Out: 1}.Prepare(x)
	assert.ErrorContains(t, err, "local: config: want in from 3")
}

// sourceOf returns the element that has pair n.
func sourceOf(r *set.Relation, n int) int {
	i, found := slices.BinarySearch(r.Offsets, n)
	for found && i+1 < len(r.Offsets) && r.Offsets[i+1] == n {
		i++
	}
	if !found {
		i--
	}
	return i
}

// A group that is moved as a whole gives the same features: only relative places
// are seen where there are no others.
func TestRelative(t *testing.T) {
	x := layertest.Sample(5, seeded(9)).At(4)
	moved := x.Clone()
	for i := range moved.Len() {
		for k := range 3 {
			moved.Row(i)[k] += float32(k + 1)
		}
	}
	for _, l := range []layers.Layer{local.NewGroup(5, 6, few, seeded(1)), local.NewAttention(5, 5, every, layers.Block{Dim: 8}, seeded(1))} {
		a, b := layers.Apply(l, x), layers.Apply(l, moved)
		for i := range a.Len() {
			assert.InDeltaSlice(t, a.Row(i)[3:], b.Row(i)[3:], 1e-5, fmt.Sprintf("%T", l))
			for k := range 3 {
				assert.InDelta(t, a.Row(i)[k]+float32(k+1), b.Row(i)[k], 1e-6)
			}
		}
	}
}
