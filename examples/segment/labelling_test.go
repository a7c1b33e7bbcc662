package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// someModel returns a model of chance, of two classes.
func someModel(block float64) *model {
	v := vocabulary{Parts: []string{"a", "b", "c", "d"}, Labels: []int32{0, 1, 2, 3}, Classes: []class{{"x", []int32{0, 2}}, {"y", []int32{3, 1}}}}
	return newModel(config{vocabulary: v, Dim: 4, Points: 50, Block: block}, 3)
}

func label1(t *testing.T, m *model, c pointcloud.Cloud, class int) []int32 {
	t.Helper()
	out, err := m.labels(t.Context(), c, []int{class}, func(int) {})
	require.NoError(t, err)
	return out[0]
}

// In another order points have the same labels, in clouds that are labelled at
// once, that are taken apart, and block by block.
func TestOrder(t *testing.T) {
	for _, m := range []*model{someModel(0), someModel(2)} {
		for _, n := range []int{1, 2, 40, 700} {
			rng := rand.New(rand.NewPCG(1, uint64(n)))
			c, _ := scan(n, rng)
			c = c.WithNormals(8)
			want := label1(t, m, c, -1)
			from := rng.Perm(n)
			got := label1(t, m, c.Select(from...), -1)
			for i, k := range from {
				require.Equal(t, want[k], got[i], "%d points, blocks of %v", n, m.Block)
			}
			if n == 700 {
				require.Greater(t, len(slices.Compact(slices.Sorted(slices.Values(want)))), 1, "all the same")
			}
			for _, l := range label1(t, m, c, 1) {
				require.Contains(t, m.Classes[1].Parts, l)
			}
		}
	}
}

func TestFewPoints(t *testing.T) {
	for _, m := range []*model{someModel(0), someModel(2)} {
		require.Empty(t, label1(t, m, pointcloud.Cloud{}, -1))
		require.Len(t, label1(t, m, pointcloud.Cloud{Points: make([][3]float32, 1)}, -1), 1)
		equal := pointcloud.Cloud{Points: make([][3]float32, 99)}
		require.Len(t, label1(t, m, equal, -1), 99)
	}
}

// Every point is labelled once, whatever is in a block.
func TestJobs(t *testing.T) {
	for _, m := range []*model{someModel(0), someModel(2), someModel(100), someModel(0.01)} {
		c, _ := scan(2000, rand.New(rand.NewPCG(1, 1)))
		seen := make([]int, c.Len())
		total, jobs := m.jobs(c)
		last := 0
		for j := range jobs {
			require.LessOrEqual(t, len(j.own)+len(j.around), m.Points+1)
			for _, i := range j.own {
				seen[i]++
			}
			for _, i := range j.around {
				require.NotContains(t, j.own, i)
			}
			if j.last {
				last++
			}
		}
		require.Equal(t, total, last)
		require.Equal(t, slices.Repeat([]int{1}, c.Len()), seen)
	}
}

// A block has what is around its middle, half a side to each side, and no more.
func TestGrid(t *testing.T) {
	c, _ := scan(3000, rand.New(rand.NewPCG(2, 2)))
	for i := range c.Points {
		c.Points[i][0] -= 3 // below zero too
	}
	g := newGrid(c.Points, 1.5)
	for _, at := range g.cells {
		x, y := g.middle(at)
		want := map[int32]bool{}
		for i, p := range c.Points {
			if max(float64(p[0])-x, x-float64(p[0]), float64(p[1])-y, y-float64(p[1])) <= 0.75 {
				want[int32(i)] = true
			}
		}
		got := append(slices.Clone(g.within(at)), g.block(x, y, at, true)...)
		require.Len(t, got, len(want))
		for _, i := range got {
			require.True(t, want[i])
		}
		require.Equal(t, len(want), len(g.block(x, y, at, false)))
	}
	p := c.Points[7]
	require.Contains(t, g.around(p), int32(7))
}

func TestLabelsStop(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	c, _ := scan(500, rand.New(rand.NewPCG(1, 1)))
	_, err := someModel(0).labels(ctx, c, []int{-1}, func(int) {})
	require.ErrorIs(t, err, context.Canceled)
}

// Points that are picked are different ones, all equally likely.
func TestPick(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	count := make([]int, 10)
	for range 2000 {
		got := pick(10, nil, 3, rng)
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(got))), 3)
		for _, i := range got {
			count[i]++
		}
	}
	for _, n := range count {
		require.InDelta(t, 600, n, 100)
	}
	require.ElementsMatch(t, []int32{7, 9}, pick(0, []int32{9, 7}, 5, rng))
}
