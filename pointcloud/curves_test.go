package pointcloud_test

import (
	"fmt"
	"math/bits"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// curveCells is the number of cells along each axis.
const curveCells = 1 << 21

func TestMortonIsBitByBit(t *testing.T) {
	rng := seeded(31)
	for range 1000 {
		x, y, z := rng.Uint32N(curveCells), rng.Uint32N(curveCells), rng.Uint32N(curveCells)
		var want uint64
		for b := 20; b >= 0; b-- {
			want = want<<3 | uint64(x>>b&1)<<2 | uint64(y>>b&1)<<1 | uint64(z>>b&1)
		}
		require.Equal(t, want, pointcloud.Morton(x, y, z))
	}
	require.Equal(t, uint64(1<<63-1), pointcloud.Morton(curveCells-1, curveCells-1, curveCells-1))
}

// The cells of a cube at the origin are the first of the curve, each once, and
// each Hilbert cell shares a face with the one before.
func TestCurvesFillCubes(t *testing.T) {
	for name, curve := range map[string]pointcloud.Curve{"Morton": pointcloud.Morton, "Hilbert": pointcloud.Hilbert} {
		for _, side := range []uint32{1, 2, 4, 8, 16, 32} {
			t.Run(fmt.Sprintf("%s/%d", name, side), func(t *testing.T) {
				cells := make([]*[3]uint32, side*side*side)
				for x := range side {
					for y := range side {
						for z := range side {
							code := curve(x, y, z)
							require.Less(t, code, uint64(len(cells)))
							require.Nil(t, cells[code], "two cells of code %d", code)
							cells[code] = &[3]uint32{x, y, z}
						}
					}
				}
				for i := 1; i < len(cells) && name == "Hilbert"; i++ {
					require.Equal(t, 1, steps(*cells[i-1], *cells[i]), "cells %d and %d", i-1, i)
				}
			})
		}
	}
}

// steps is how many faces lie between two cells.
func steps(a, b [3]uint32) int {
	sum := 0
	for k := range a {
		sum += max(int(a[k])-int(b[k]), int(b[k])-int(a[k]))
	}
	return sum
}

// Among the six neighbours of any cell are the one before and the one after it.
func TestHilbertStepsAnywhere(t *testing.T) {
	rng := seeded(32)
	for i := range 20_000 {
		top := uint32(curveCells) >> (i % 21)
		cell := [3]uint32{rng.Uint32N(top), rng.Uint32N(top), rng.Uint32N(top)}
		if i%3 == 0 { // between large cubes
			cell[i/3%3] = curveCells/2 - uint32(i/9%2)
		}
		code := pointcloud.Hilbert(cell[0], cell[1], cell[2])
		var around []uint64
		for k := range 3 {
			for _, by := range []uint32{1, ^uint32(0)} {
				if c := cell; c[k]+by < curveCells {
					c[k] += by
					around = append(around, pointcloud.Hilbert(c[0], c[1], c[2]))
				}
			}
		}
		if code > 0 {
			require.Contains(t, around, code-1, "%v", cell)
		}
		if code < 1<<63-1 {
			require.Contains(t, around, code+1, "%v", cell)
		}
	}
	require.Equal(t, uint64(0), pointcloud.Hilbert(0, 0, 0))
	require.Equal(t, uint64(1<<63-1), pointcloud.Hilbert(curveCells-1, 0, 0))
}

func TestCurvesClamp(t *testing.T) {
	const last = curveCells - 1
	for _, curve := range []pointcloud.Curve{pointcloud.Morton, pointcloud.Hilbert} {
		require.Equal(t, curve(last, 5, last), curve(curveCells, 5, 1<<32-1))
	}
}

func TestCodes(t *testing.T) {
	c := pointcloud.Cloud{Points: [][3]float32{{3, 0, 7}, {1, 0, 7}, {1, 1, 7}, {2, 0.5, 7}, {1 + 1./(1<<20), 0, 7}}}
	var got [][3]uint32
	codes, err := c.Codes(func(x, y, z uint32) uint64 {
		got = append(got, [3]uint32{x, y, z})
		return uint64(len(got))
	})
	require.NoError(t, err)
	require.Equal(t, []uint64{1, 2, 3, 4, 5}, codes)
	const half = curveCells / 2
	require.Equal(t, [][3]uint32{{curveCells - 1, 0, 0}, {0, 0, 0}, {0, half, 0}, {half, half / 2, 0}, {1, 0, 0}}, got)

	// The longest side is along each axis in turn, and then there is none.
	for k := range 4 {
		tall := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {0, 0, 0}}}
		want := [3]uint32{}
		for a := range min(k, 3) {
			tall.Points[1][a], want[a] = 1, half
		}
		if k < 3 {
			tall.Points[1][k], want[k] = 2, curveCells-1
		} else {
			tall.Points[0], want = tall.Points[1], [3]uint32{}
		}
		got = nil
		_, err = tall.Codes(func(x, y, z uint32) uint64 { got = append(got, [3]uint32{x, y, z}); return 0 })
		require.NoError(t, err)
		require.Equal(t, [][3]uint32{{0, 0, 0}, want}, got)
	}
}

func TestAlong(t *testing.T) {
	rng := seeded(33)
	for _, n := range []int{0, 1, 2, 2000} {
		for name, points := range kinds(n, rng) {
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) {
				c := pointcloud.Cloud{Points: points}
				for _, curve := range []pointcloud.Curve{pointcloud.Morton, pointcloud.Hilbert, backwards, constant} {
					codes, err := c.Codes(curve)
					require.NoError(t, err)
					got, err := c.Along(curve)
					require.NoError(t, err)
					want := make([]int, n)
					for i := range want {
						want[i] = i
					}
					slices.SortStableFunc(want, func(i, j int) int {
						if codes[i] < codes[j] {
							return -1
						}
						return int(min(codes[i]-codes[j], 1))
					})
					require.Equal(t, want, got)
				}
			})
		}
	}
}

// Curves whose codes use all 64 bits, and none.
func backwards(x, y, z uint32) uint64 { return bits.Reverse64(pointcloud.Morton(x, y, z)) | 1 }
func constant(x, y, z uint32) uint64  { return 0 }

func TestCodesOfBadData(t *testing.T) {
	for _, x := range []float32{nan, inf, -inf} {
		c := pointcloud.Cloud{Points: [][3]float32{{1, 2, 3}, {1, x, 3}}}
		_, err := c.Codes(pointcloud.Morton)
		require.ErrorContains(t, err, "point 1: want finite coordinates")
		_, err = c.Along(pointcloud.Hilbert)
		require.ErrorContains(t, err, "point 1: want finite coordinates")
	}
	equal := pointcloud.Cloud{Points: [][3]float32{{1e30, -1, 0}, {1e30, -1, 0}}}
	codes, err := equal.Codes(pointcloud.Hilbert)
	require.NoError(t, err)
	require.Equal(t, []uint64{0, 0}, codes)
}

func BenchmarkCodes(b *testing.B) {
	c := cube(100_000, seeded(1))
	for name, curve := range map[string]pointcloud.Curve{"Morton": pointcloud.Morton, "Hilbert": pointcloud.Hilbert} {
		b.Run("codes/"+name, func(b *testing.B) {
			for b.Loop() {
				c.Codes(curve)
			}
		})
		b.Run("along/"+name, func(b *testing.B) {
			for b.Loop() {
				c.Along(curve)
			}
		})
	}
}

// Points stored side by side lie side by side.
func ExampleCloud_Along() {
	c := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {9, 9, 0}, {1, 0, 0}, {9, 8, 0}, {0, 9, 0}}}
	order, err := c.Along(pointcloud.Hilbert)
	fmt.Println(order, err)
	fmt.Println(c.Select(order...).Points)
	// Output:
	// [0 2 4 3 1] <nil>
	// [[0 0 0] [1 0 0] [0 9 0] [9 8 0] [9 9 0]]
}
