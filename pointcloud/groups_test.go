package pointcloud_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
	"setwise/set"
)

var manyGroups = []pointcloud.Groups{
	{Centres: 5, Near: 4}, {Centres: 96, Near: 16}, {Centres: 7, Near: 6, Radius: 0.7}, {Centres: 7, Radius: 0.6},
	{Centres: 6, Random: true, Near: 3}, {Cell: 0.5, Near: 4}, {Cell: 0.7, Radius: 0.5},
	{Near: 4}, {Near: 5, Radius: 0.8}, {Radius: 0.5},
}

// lattice returns sets of points on a lattice, so that distances tie, with two
// columns beside the place; one set is empty, one a point, one a hundred equal
// points.
func lattice(rng *rand.Rand) set.Batch {
	b := set.New(5, 200, 0, 1, 100, 40, 3)
	for i := range b.Len() {
		for k := range 3 {
			b.Row(i)[k] = float32(rng.IntN(5)-2) / 2
		}
		for k := 3; k < 5; k++ {
			b.Row(i)[k] = float32(rng.NormFloat64())
		}
	}
	for i := range 100 {
		copy(b.Row(201 + i)[:3], b.Row(201)[:3])
	}
	return b
}

// smooth is lattice with places of which no two distances tie.
func smooth(rng *rand.Rand) set.Batch {
	b := lattice(rng)
	for i := range b.Len() {
		for k := range 3 {
			b.Row(i)[k] += float32(rng.NormFloat64()) / 10
		}
	}
	return b
}

func apartSquared(b set.Batch, i, j int) float64 {
	d := 0.0
	for k := range 3 {
		off := float64(b.Row(i)[k]) - float64(b.Row(j)[k])
		d += float64(off * off)
	}
	return d
}

// Groups are those of comparing all points with all.
func TestGroups(t *testing.T) {
	b := smooth(seeded(1))
	for _, g := range manyGroups {
		r, err := g.Relate(b)
		require.NoError(t, err, "%v", g)
		require.NoError(t, r.Validate(b.Offsets, b.Offsets))
		assert.Equal(t, g.String(), r.Name)
		for s := range b.Sets() {
			lo, hi := b.Offsets.Bounds(s)
			centres := 0
			for i := lo; i < hi; i++ {
				if len(r.Of(i)) == 0 {
					continue
				}
				centres++
				var want []int32
				for j := lo; j < hi; j++ {
					if g.Radius == 0 || apartSquared(b, i, j) <= g.Radius*g.Radius {
						want = append(want, int32(j))
					}
				}
				slices.SortStableFunc(want, func(p, q int32) int { return cmp.Compare(apartSquared(b, i, int(p)), apartSquared(b, i, int(q))) })
				if g.Near > 0 {
					want = want[:min(len(want), g.Near)]
				}
				require.Equal(t, want, r.Of(i), "%v, set %d", g, s)
			}
			switch {
			case g.Every():
				assert.Equal(t, hi-lo, centres)
			case g.Centres > 0:
				assert.Equal(t, min(g.Centres, hi-lo), centres, "%v, set %d", g, s)
			case hi > lo:
				assert.Positive(t, centres)
			}
		}
	}
}

// Centres of the two deterministic kinds are what the functions of clouds
// choose.
func TestCentres(t *testing.T) {
	b := smooth(seeded(2)).At(0)
	var c pointcloud.Cloud
	for i := range b.Len() {
		c.Points = append(c.Points, [3]float32(b.Row(i)))
	}
	of := func(g pointcloud.Groups) []int {
		r, err := g.Relate(b)
		require.NoError(t, err)
		var chosen []int
		for i := range b.Len() {
			if len(r.Of(i)) > 0 {
				chosen = append(chosen, i)
			}
		}
		return chosen
	}
	want, err := c.Farthest(20, c.Outermost())
	require.NoError(t, err)
	slices.Sort(want)
	assert.Equal(t, want, of(pointcloud.Groups{Centres: 20, Near: 3}))

	cells, err := c.Voxels(0.6)
	require.NoError(t, err)
	got := of(pointcloud.Groups{Cell: 0.6, Near: 3})
	require.Len(t, got, cells.Offsets.Sets())
	for v := range got {
		one := 0
		for _, i := range cells.Of(v) {
			if slices.Contains(got, int(i)) {
				one++
			}
		}
		assert.Equal(t, 1, one, "a centre of cell %d", v)
	}

	random := of(pointcloud.Groups{Centres: 20, Random: true, Near: 3})
	assert.Equal(t, random, of(pointcloud.Groups{Centres: 20, Random: true, Near: 5}))
	assert.Subset(t, of(pointcloud.Groups{Centres: 40, Random: true, Near: 3}), random)
	assert.NotEqual(t, want, random)
}

// Clouds that are looked at as a whole and those that are searched by a tree
// give what the tree gives.
func TestLargeGroups(t *testing.T) {
	for _, n := range []int{2048, 2049} {
		c := cube(n, seeded(7))
		for i := range n / 3 {
			c.Points[3*i] = c.Points[i] // points that coincide
		}
		r, err := pointcloud.Groups{Centres: 300, Near: 9}.Relate(pointcloud.Batch(c))
		require.NoError(t, err)
		order := c.Canonical()
		sorted := c.Select(order...)
		chosen, err := sorted.Farthest(300, sorted.Outermost())
		require.NoError(t, err)
		for _, i := range chosen {
			var want []int32
			for _, near := range sorted.Tree().Nearest(sorted.Points[i], 9, nil) {
				want = append(want, int32(order[near.Index]))
			}
			require.Equal(t, want, r.Of(order[i]), "of %d points", n)
		}
		assert.Equal(t, 300*9, len(r.Index))

		x, y := pointcloud.Batch(sorted), pointcloud.Batch(sorted.Select(chosen...).UnitSphere())
		back, err := pointcloud.Nearest(y, x, 3)
		require.NoError(t, err)
		for i := range y.Len() {
			for k, near := range sorted.Tree().Nearest([3]float32(y.Row(i)), 3, nil) {
				require.Equal(t, near.Index, back.Of(i)[k])
			}
		}
	}
}

// The order of storage changes nothing, not even where distances tie and points
// coincide: groups hold the same values in the same order.
func TestGroupsAreOfTheSet(t *testing.T) {
	rng := seeded(3)
	b := lattice(rng)
	for _, g := range manyGroups {
		want := values(t, g, b)
		for range 4 {
			shuffled, _ := b.Shuffle(rng)
			require.Equal(t, want, values(t, g, shuffled), "%v", g)
		}
		for s, alone := range b.All() {
			at, err := g.Of(b)
			require.NoError(t, err)
			lo, hi := at.Sets.Bounds(s)
			own := values(t, g, alone)
			if g.Every() {
				continue // by element, as they are stored
			}
			require.Len(t, own, hi-lo)
			require.True(t, len(own) == 0 || slices.EqualFunc(own, want[lo:hi], slices.Equal), "%v, set %d alone", g, s)
		}
	}
	at, err := pointcloud.Groups{Centres: 9, Near: 16}.Of(b)
	require.NoError(t, err)
	assert.Equal(t, 1, at.Sets.Size(3), "equal points have one centre")
	assert.Len(t, at.Near.Of(at.Sets[3]), 16)
}

// Of points at one place the one that comes first by its other columns wins,
// NaN among them as the largest number and -0 before 0.
func TestPlacesThatCoincide(t *testing.T) {
	nan, minus := float32(math.NaN()), float32(math.Copysign(0, -1))
	rows := [][]float32{{1, 1, 1, minus}, {1, 1, 1, 0}, {1, 1, 1, 2}, {1, 1, 1, nan}}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}} {
		var values []float32
		for _, i := range order {
			values = append(values, rows[i]...)
		}
		r, err := pointcloud.Groups{Centres: 4, Near: 4}.Relate(set.Of(4, values))
		require.NoError(t, err)
		var got []int
		for _, j := range r.Index {
			got = append(got, order[j])
		}
		assert.Equal(t, []int{0, 1, 2, 3}, got, "stored as %v", order)
	}
}

// values returns what groups hold, group by group.
func values(t *testing.T, g pointcloud.Groups, b set.Batch) [][]float32 {
	at, err := g.Of(b)
	require.NoError(t, err)
	all := make([][]float32, len(at.Centres))
	for i, c := range at.Centres {
		all[i] = slices.Clone(b.Row(int(c)))
		for _, j := range at.Near.Of(i) {
			all[i] = append(all[i], b.Row(int(j))...)
		}
	}
	if g.Every() {
		slices.SortFunc(all, slices.Compare)
	}
	return all
}

// What is prepared is carried through everything that sets go through, and is
// what layers would find by themselves, stage after stage and back.
func TestPrepare(t *testing.T) {
	rng := seeded(4)
	b := lattice(rng)
	stages := []pointcloud.Groups{{Near: 3}, {Centres: 30, Near: 8}, {Centres: 6, Near: 4}}
	p, err := pointcloud.Prepare(b, 3, stages...)
	require.NoError(t, err)
	require.NoError(t, p.Validate())
	var names []string
	for _, r := range p.Relations {
		names = append(names, r.Name)
	}
	assert.Equal(t, []string{
		"3 nearest to each", "8 nearest to 30 farthest", "3 back: 8 nearest to 30 farthest",
		"8 nearest to 30 farthest/4 nearest to 6 farthest", "8 nearest to 30 farthest/3 back: 4 nearest to 6 farthest",
	}, names)
	shuffled, _ := p.Shuffle(rng)
	for name, x := range map[string]set.Batch{
		"as it is": p, "shuffled": shuffled, "put together": set.Concat(p.Slice(0, 2), p.Slice(2, 6)), "selected": p.Select(5, 0, 3, 3, 1, 2, 4),
	} {
		plain := x
		plain.Relations = nil
		for i, g := range stages {
			want, err := g.Of(plain)
			require.NoError(t, err)
			got, err := g.Of(x)
			require.NoError(t, err)
			require.Equal(t, want.Centres, got.Centres, "%s, stage %d", name, i)
			require.Equal(t, want.Near.Offsets, got.Near.Offsets)
			if name != "shuffled" { // which tells equal points apart by where they were
				require.Equal(t, want.Near.Index, got.Near.Index, "%s, stage %d", name, i)
			}
			next, bare := onCentres(x, got), onCentres(plain, want)
			bare.Relations = nil
			require.NoError(t, next.Validate())
			if !g.Every() {
				near, err := g.BackTo(x, next, 3)
				require.NoError(t, err)
				far, err := g.BackTo(plain, bare, 3)
				require.NoError(t, err)
				require.NoError(t, near.Validate(x.Offsets, next.Offsets))
				require.Equal(t, far, near, "%s, back from stage %d", name, i)
			}
			x, plain = next, bare
		}
	}
	again, err := pointcloud.Prepare(p, 3, stages...)
	require.NoError(t, err)
	assert.Equal(t, p, again)
}

// onCentres returns the centres as elements of a batch.
func onCentres(x set.Batch, at pointcloud.Grouping) set.Batch {
	b := set.Batch{Dim: x.Dim, Offsets: at.Sets, Relations: at.Relations}
	for _, i := range at.Centres {
		b.Values = append(b.Values, x.Row(int(i))...)
	}
	return b
}

// Of equally near elements the one of lower place comes first.
func TestNearest(t *testing.T) {
	x := set.Of(3, []float32{0, 0, 0, 5, 0, 0}, nil, []float32{1, 1, 1})
	y := set.Of(4, []float32{1, 0, 0, 9, -1, 0, 0, 9, 4, 0, 0, 9}, []float32{0, 0, 0, 1}, nil)
	r, err := pointcloud.Nearest(x, y, 2)
	require.NoError(t, err)
	require.NoError(t, r.Validate(x.Offsets, y.Offsets))
	assert.Equal(t, []int32{1, 0, 2, 0}, r.Index)
	assert.Equal(t, set.Offsets{0, 2, 4, 4}, r.Offsets)
	assert.Equal(t, y.Offsets, r.To)
}

// What cannot be done is refused with the place of the trouble.
func TestGroupsRefused(t *testing.T) {
	nan := float32(math.NaN())
	for want, g := range map[string]pointcloud.Groups{
		"want 0 to 2147483647 Centres, got -1":                                   {Centres: -1, Near: 1},
		"want a Cell and a Radius that are finite and 0 or more, got 0 and -1":   {Radius: -1},
		"want a Cell and a Radius that are finite and 0 or more, got NaN and 0":  {Cell: math.NaN(), Near: 1},
		"want a Cell and a Radius that are finite and 0 or more, got 0 and +Inf": {Radius: math.Inf(1)},
		"want 0 to 2147483647 points Near, got -2":                               {Near: -2},
		"want Centres by number or by Cell, got both":                            {Cell: 1, Centres: 2, Near: 1},
		"want a number of Random centres, got 0":                                 {Random: true, Near: 1},
		"want a number of points Near or a Radius, got neither":                  {Centres: 4},
	} {
		_, err := g.Relate(set.New(3, 2))
		assert.ErrorContains(t, err, want)
		_, err = g.Of(set.New(3, 2))
		assert.ErrorContains(t, err, want)
	}
	g := pointcloud.Groups{Centres: 2, Near: 1}
	for want, x := range map[string]set.Batch{
		"want elements whose first three columns are a place, got width 2":                   set.New(2, 1),
		"element 1 of set 1: want a finite place in the first three columns, got [0 NaN 0]":  set.Of(4, nil, []float32{0, 0, 0, 0, 0, nan, 0, 1}),
		"element 0 of set 0: want a finite place in the first three columns, got [+Inf 0 0]": set.Of(3, []float32{float32(math.Inf(1)), 0, 0}),
	} {
		_, err := g.Relate(x)
		assert.ErrorContains(t, err, want)
		_, err = pointcloud.Prepare(x, 3, g)
		assert.ErrorContains(t, err, want)
	}
	_, err := pointcloud.Groups{Cell: 1e-9, Near: 1}.Relate(set.Of(3, []float32{0, 0, 0, 1, 1, 1}))
	assert.ErrorContains(t, err, "want voxels of which 2^21 or fewer")
	_, err = pointcloud.Nearest(set.New(3, 1), set.New(3, 1, 1), 1)
	assert.ErrorContains(t, err, "want as many sets to look from as to look at, got 1 and 2")
	_, err = pointcloud.Nearest(set.New(3, 1), set.New(3, 1), 0)
	assert.ErrorContains(t, err, "want 1 to 2147483647 nearest elements, got 0")

	x, err := pointcloud.Prepare(lattice(seeded(5)), 2, g)
	require.NoError(t, err)
	_, err = g.BackTo(x, set.New(3, 1, 0, 1, 1, 1, 1), 2)
	assert.ErrorContains(t, err, "want the 8 centres of 6 sets that are 1 nearest to 2 farthest, got 5 elements of 6")
}

// Two groups of a cloud, and what comes of them in a batch.
func ExampleGroups() {
	cloud := set.Of(3, []float32{0, 0, 0, 0.1, 0, 0, 5, 0, 0, 5.1, 0, 0, 5.3, 0, 0})
	groups := pointcloud.Groups{Centres: 2, Near: 2}
	at, err := groups.Of(cloud)
	if err != nil {
		panic(err)
	}
	fmt.Println(groups)
	for i, c := range at.Centres {
		fmt.Println("point", c, "with", at.Near.Of(i))
	}
	// Output:
	// 2 nearest to 2 farthest
	// point 0 with [0 1]
	// point 4 with [4 3]
}
