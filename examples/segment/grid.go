package main

import (
	"cmp"
	"math"
	"slices"
)

// A grid divides a scan into square columns, half as wide as a block. A block has
// a column in its middle and reaches a quarter of its side beyond that.
type grid struct {
	points [][3]float32
	side   float64         // of a block
	order  []int32         // all points, column by column
	first  map[cell][2]int // the bounds in order of the points of a column
	cells  []cell          // of the columns that have points, in order
}

type cell [2]int32

// newGrid sorts points into columns. O(points log(points)) time, 4 bytes a point
// and as much again while it works.
func newGrid(points [][3]float32, side float64) *grid {
	g := &grid{points: points, side: side, order: make([]int32, len(points)), first: map[cell][2]int{}}
	for i := range g.order {
		g.order[i] = int32(i)
	}
	slices.SortStableFunc(g.order, func(a, b int32) int {
		p, q := g.cell(points[a]), g.cell(points[b])
		return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1]))
	})
	for lo := 0; lo < len(g.order); {
		c := g.cell(points[g.order[lo]])
		hi := lo + 1
		for hi < len(g.order) && g.cell(points[g.order[hi]]) == c {
			hi++
		}
		g.first[c], g.cells = [2]int{lo, hi}, append(g.cells, c)
		lo = hi
	}
	return g
}

// cell returns the column of a point. What is beyond 2^30 columns is in the last.
func (g *grid) cell(p [3]float32) cell {
	var c cell
	for k := range c {
		c[k] = int32(min(max(math.Floor(float64(p[k])/(g.side/2)), -1<<30), 1<<30))
	}
	return c
}

// within returns the points of the column c.
func (g *grid) within(c cell) []int32 {
	b := g.first[c]
	return g.order[b[0]:b[1]]
}

// block returns the points around a place in the plane, half a side to each side,
// but for those of the column c if outer is set.
func (g *grid) block(x, y float64, c cell, outer bool) []int32 {
	var found []int32
	for i := c[0] - 1; i <= c[0]+1; i++ {
		for j := c[1] - 1; j <= c[1]+1; j++ {
			if outer && (cell{i, j}) == c {
				continue
			}
			for _, k := range g.within(cell{i, j}) {
				p := g.points[k]
				if math.Abs(float64(p[0])-x) <= g.side/2 && math.Abs(float64(p[1])-y) <= g.side/2 {
					found = append(found, k)
				}
			}
		}
	}
	return found
}

// around returns the points of the block around a point.
func (g *grid) around(p [3]float32) []int32 {
	return g.block(float64(p[0]), float64(p[1]), g.cell(p), false)
}

// middle returns the middle of a column.
func (g *grid) middle(c cell) (x, y float64) {
	return (float64(c[0]) + 0.5) * g.side / 2, (float64(c[1]) + 0.5) * g.side / 2
}
