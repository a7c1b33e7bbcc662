package local_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/attention"
	"setwise/layers/local"
	"setwise/pointcloud"
	"setwise/set"
	"setwise/set/grad"
)

// What cannot be built, what lacks a part and what has no places panics with a
// *set.ShapeError that says who wanted what.
func TestRefused(t *testing.T) {
	rng := seeded(1)
	nan := float32(math.NaN())
	x := set.New(5, 4, 2)
	apply := func(l layers.Layer) func() { return func() { layers.Apply(l, x) } }
	on := func(l layers.Layer, x set.Batch) func() { return func() { layers.Apply(l, x) } }
	group := func(change func(*local.Group)) *local.Group {
		g := local.NewGroup(5, 6, few, rng)
		change(g)
		return g
	}
	b := layers.Block{Dim: 8}
	attend := func(change func(*local.Attention)) *local.Attention {
		a := local.NewAttention(5, 5, few, b, rng)
		change(a)
		return a
	}
	back := func(x, y set.Batch) func() {
		return func() { local.NewInterpolate(5, 5, 2, few, rng).Attend(nil, grad.Const(x), grad.Const(y)) }
	}
	lost := x.Relate(&set.Relation{Name: few.String(), Offsets: set.Sizes(1, 1, 1, 1, 1, 1), Index: []int32{0, 1, 2, 3, 4, 5}, To: set.Offsets{0, 4, 6}})
	for want, f := range map[string]func(){
		"local.NewGroup: want in from 3 to 1073741824, got 2":                                      func() { local.NewGroup(2, 1, few, rng) },
		"local.NewGroup: want out from 1 to 1073741824, got 0":                                     func() { local.NewGroup(3, 0, few, rng) },
		"pointcloud.Groups: want a number of points Near or a Radius, got neither":                 func() { local.NewGroup(3, 1, pointcloud.Groups{}, rng) },
		"local.NewEdgeConv: want in from 3":                                                        func() { local.NewEdgeConv(1, 1, few, rng) },
		"local.NewEdgeConv: want out from 1":                                                       func() { local.NewEdgeConv(3, -1, few, rng) },
		"local.NewAttention: want x from 3":                                                        func() { local.NewAttention(2, 3, few, b, rng) },
		"local.NewAttention: want y from 3":                                                        func() { local.NewAttention(3, 2, few, b, rng) },
		"local.NewAttention: want a block without a norm, dropout, causal":                         func() { local.NewAttention(3, 3, few, layers.Block{Dim: 8, Norm: layers.NormPre}, rng) },
		"dropout, causal order or mechanism, got {Dim:8 Heads:0 Hidden:0 Norm: Scale: Dropout:0 C": func() { local.NewAttention(3, 3, few, layers.Block{Dim: 8, Mechanism: attention.Full{}}, rng) },
		"layers.Block: want a positive Dim that 4 heads divide, got 6":                             func() { local.NewAttention(3, 3, few, layers.Block{Dim: 6}, rng) },
		"local.NewInterpolate: want x from 3":                                                      func() { local.NewInterpolate(2, 3, 1, few, rng) },
		"local.NewInterpolate: want y from 3":                                                      func() { local.NewInterpolate(3, 2, 1, few, rng) },
		"local.NewInterpolate: want out from 1":                                                    func() { local.NewInterpolate(3, 3, 0, few, rng) },
		"local.NewNetwork: want a valid configuration, got local: config: want in from 3 to":       func() { local.NewNetwork(local.Config{Out: 1}, rng) },
		"local.Group: want elements whose first three columns are a place, got width 2":            on(local.NewGroup(3, 1, few, rng), set.New(2, 1)),
		"local.Network: want elements whose first three columns are a place, got width 1":          on(local.NewNetwork(local.Config{In: 3, Out: 1}, rng), set.New(1, 1)),
		"of which pointcloud: element 1 of set 0: want a finite place in the first three columns, got [0 NaN 0]": on(local.NewGroup(3, 1, few, rng),
			set.Of(3, []float32{0, 0, 0, 0, nan, 0})),
		`want relation "4 nearest to 5 farthest" among the elements of a batch, got one to another batch`: on(local.NewGroup(5, 1, few, rng), lost),
		"local.Group: want a linear layer First with a Weight, got nil":                                   apply(group(func(g *local.Group) { g.First = nil })),
		"local.Group: want a Unit from 1e-30 up to all of float32, got NaN":                               apply(group(func(g *local.Group) { g.Unit = nan })),
		"local.Group: want a Unit from 1e-30 up to all of float32, got 1e-40":                             apply(group(func(g *local.Group) { g.Groups.Radius = 1e-40 })),
		"First: grad.Affine: want elements of width 6, got 5":                                             apply(group(func(g *local.Group) { g.First = layers.NewLinear(6, 1, rng) })),
		"local.Group: want a layer that gives an element for each of 6, got 2":                            apply(group(func(g *local.Group) { g.Each = layers.Mean })),
		"local.Group: want a Net that pools each group into one element, got ":                            apply(group(func(g *local.Group) { g.Net = layers.ReLU })),
		"local.Scales: want a stage or more, got none":                                                    apply(local.Scales{}),
		"local.Scales: want stages of the same centres, got another or nil at 1":                          apply(local.Scales{local.NewGroup(5, 6, few, rng), local.NewGroup(5, 6, every, rng)}),
		"local.EdgeConv: want an Edge without a Bias, which Own has, got one":                             apply(&local.EdgeConv{Groups: few, Own: layers.NewLinear(5, 1, rng), Edge: layers.NewLinear(5, 1, rng)}),
		"local.EdgeConv: want a linear layer Edge with a Weight, got nil":                                 apply(&local.EdgeConv{Groups: few, Own: layers.NewLinear(5, 1, rng)}),
		"local.Attention: want an Attn without Out and Mixer, and an FF, got another or nil":              apply(attend(func(a *local.Attention) { a.FF = nil })),
		"local.Placed: want a layer, got nil":                                                             apply(local.Placed{}),
		"local.Placed: want a layer that gives an element for each of 6, got 2":                           apply(local.Placed{layers.Max}),
		"local.Network: want a Pool, a Head and an Out, got nil":                                          apply(&local.Network{}),
		"local.Interpolate: want elements whose first three columns are a place, got width 2":             back(set.New(5, 1), set.New(2, 1)),
		"want as many sets to look from as to look at, got 1 and 2":                                       back(set.New(5, 1), set.New(5, 1, 1)),
		"local.Interpolate: want a linear layer Skip with a Weight, got nil":                              func() { (&local.Interpolate{Groups: few}).Attend(nil, grad.Const(x), grad.Const(x)) },
	} {
		err := set.Try(f)
		var shape *set.ShapeError
		if assert.ErrorAs(t, err, &shape, want) {
			assert.ErrorContains(t, err, want)
		}
	}
}

// What is wrong with a configuration, which may come from a file, is an error.
func TestConfig(t *testing.T) {
	stage := func(change func(*local.Stage)) []local.Stage {
		s := local.Stage{Groups: few, Dim: 4}
		change(&s)
		return []local.Stage{s}
	}
	for want, c := range map[string]local.Config{
		"want in from 3 to 65536, got 2":                                 {In: 2, Out: 1},
		"want out from 1 to 65536, got 0":                                {In: 3},
		"want dim from 1 to 65536, got -1":                               {In: 3, Out: 1, Dim: -1},
		"want heads from 1 to 65536, got -4":                             {In: 3, Out: 1, Heads: -4},
		"want hidden from 1 to 65536, got 100000":                        {In: 3, Out: 1, Hidden: 100000},
		"want back from 1 to 65536, got -2":                              {In: 3, Out: 1, Back: -2},
		"want blocks from 0 to 64, got 65":                               {In: 3, Out: 1, Blocks: 65},
		"want stages from 1 to 64, got 1000":                             {In: 3, Out: 1, Stages: make([]local.Stage, 1000)},
		"want a dropout of at least 0 and below 1, got NaN":              {In: 3, Out: 1, Dropout: float32(math.NaN())},
		"want a dim that 3 heads divide, got 512":                        {In: 3, Out: 1, Blocks: 1, Heads: 3},
		"stage 0: pointcloud.Groups: want a number of points Near":       {In: 3, Out: 1, Stages: stage(func(s *local.Stage) { s.Groups = pointcloud.Groups{} })},
		"stage 0: want a unit of 0 or more, got -1":                      {In: 3, Out: 1, Stages: stage(func(s *local.Stage) { s.Unit = -1 })},
		"stage 0: want dim from 1 to 65536, got 0":                       {In: 3, Out: 1, Stages: stage(func(s *local.Stage) { s.Dim = 0 })},
		"stage 0: want points from 1 to 65536, got -3":                   {In: 3, Out: 1, Stages: stage(func(s *local.Stage) { s.Points = []int{-3} })},
		"stage 0: want pairs from 1 to 65536, got 0":                     {In: 3, Out: 1, Stages: stage(func(s *local.Stage) { s.Pairs = []int{0} })},
		"stage 0: want layers from 0 to 64, got 90":                      {In: 3, Out: 1, Stages: stage(func(s *local.Stage) { s.Pairs = make([]int, 90) })},
		"want at most 268435456 numbers in the parameters, got 4.31e+09": {In: 3, Out: 1, Dim: 1 << 16, Hidden: 1 << 16},
	} {
		_, err := c.New(seeded(1))
		if want[:5] == "stage" {
			want = "local: config: " + want
		}
		assert.ErrorContains(t, err, want)
	}

	many := local.Config{In: 6, Out: 3, Points: true, Blocks: 2, Dim: 16, Stages: []local.Stage{
		{Groups: every, Dim: 5}, {Groups: few, Points: []int{4, 6}, Dim: 7, Pairs: []int{5}}, {Groups: ball, Unit: 0.5, Dim: 7},
	}}
	classes := many
	classes.Points = false
	for _, c := range []local.Config{{In: 8, Out: 20}, {In: 3, Out: 1, Points: true}, many, classes} {
		m, err := c.New(seeded(1))
		require.NoError(t, err)
		assert.Equal(t, layers.Count(m), c.Count(), "%+v", c)
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var again local.Config
		require.NoError(t, json.Unmarshal(text, &again))
		assert.Equal(t, c, again, "%s", text)
	}
	assert.Equal(t, 314_676, local.Config{In: 8, Out: 20}.Count())
}
