package pointcloud

import (
	"errors"
	"math/bits"
	"sync"
)

// curveBits is how many bits of each coordinate a code holds.
const curveBits = 21

// A Curve gives each cell (x, y, z) of a grid its place along a line through
// all of them. [Morton] and [Hilbert] are curves, and so is what is made of
// them:
//
//	func(x, y, z uint32) uint64 { return pointcloud.Hilbert(y, x, z) } // runs along y first
type Curve func(x, y, z uint32) uint64

// Codes returns for each point of c its place along a curve through a cube with
// 2^21 cells along each axis. The cube's lowest corner is that of the cloud's
// box, and its side the longest side of the box, so cells are cubes whatever
// the shape of the cloud. Codes of different clouds are not places on one line,
// as each has a cube of its own.
//
// No points have no codes; one point, and points that are all equal, have the
// code of cell (0, 0, 0). Clouds on a line or a plane, and coordinates as large
// as float32 holds, are like any other. It is an error if a coordinate is not
// finite, and if curve is nil. O(points).
func (c Cloud) Codes(curve Curve) ([]uint64, error) {
	if curve == nil {
		return nil, errors.New("pointcloud: want a curve, got nil")
	}
	if err := (Cloud{Points: c.Points}).Validate(); err != nil {
		return nil, err
	}
	box := c.Bounds()
	size := box.Size()
	scale := (1 << curveBits) / max(size[0], size[1], size[2], 1e-300)
	low := wide(box.Min)
	// The highest corner of the cube is in its last cell.
	cell := func(x float64) uint32 { return min(uint32(x*scale), 1<<curveBits-1) }
	codes := make([]uint64, c.Len())
	for i := range codes {
		p := &c.Points[i]
		codes[i] = curve(cell(float64(p[0])-low[0]), cell(float64(p[1])-low[1]), cell(float64(p[2])-low[2]))
	}
	return codes, nil
}

// Along returns the indices of all points of c in their order along a curve,
// those of one cell by index, so that [Cloud.Select] makes a cloud of which
// points stored side by side lie side by side. Cells and errors are those of
// [Cloud.Codes]. O(points).
func (c Cloud) Along(curve Curve) ([]int, error) {
	codes, err := c.Codes(curve)
	if err != nil {
		return nil, err
	}
	return whole(ranked(codes)), nil
}

// Morton returns the place of a cell along the curve of G. M. Morton (1966):
// the bits of the coordinates side by side, those of x in the highest places,
//
//	x20 y20 z20 ... x1 y1 z1 x0 y0 z0
//
// Coordinates beyond 2^21 - 1 count as that. The curve fills each cube of
// 2^k cells a side before it leaves it, but jumps from one to the next.
func Morton(x, y, z uint32) uint64 {
	return spaced(x)<<2 | spaced(y)<<1 | spaced(z)
}

// spaced returns the bits of x, clamped, two zeros before each.
func spaced(x uint32) uint64 {
	v := uint64(min(x, 1<<curveBits-1))
	v = (v | v<<32) & 0x1f00000000ffff
	v = (v | v<<16) & 0x1f0000ff0000ff
	v = (v | v<<8) & 0x100f00f00f00f00f
	v = (v | v<<4) & 0x10c30c30c30c30c3
	return (v | v<<2) & 0x1249249249249249
}

// Hilbert returns the place of a cell along a curve of D. Hilbert (1891) in
// space, which goes from each cell to one that shares a face with it, and like
// that of [Morton] fills each cube before it leaves it. It begins in cell
// (0, 0, 0) and ends in (2^21 - 1, 0, 0). Coordinates beyond 2^21 - 1 count as that.
func Hilbert(x, y, z uint32) uint64 {
	m := Morton(x, y, z)
	table := hilbert()
	var code uint64
	state := uint16(2 * 512) // from the origin along x
	for shift := 3*curveBits - 9; shift >= 0; shift -= 9 {
		step := table[state|uint16(m>>shift)&511]
		code = code<<9 | uint64(step&511)
		state = step &^ 511
	}
	return code
}

// hilbert returns the curve's rule three levels at a time: for the way in which
// a cube is filled and the 9 bits of a Morton code that lead to a cube within
// it, the 9 bits of the Hilbert code and, above them, the way in which that one
// is filled.
//
// A way is 3 e + d: it begins in the corner e, whose bits are those of x, y and
// z, and ends in the one beside it along axis d, where axis 0 is that of z. The
// rule for one level is that of C. H. Hamilton, "Compact Hilbert indices" (2006).
var hilbert = sync.OnceValue(func() *[24 * 512]uint16 {
	var table [24 * 512]uint16
	for way := range 24 {
		for path := range 512 {
			at, code := way, 0
			for shift := 6; shift >= 0; shift -= 3 {
				var w int
				w, at = octant(at, path>>shift&7)
				code = code<<3 | w
			}
			table[way*512+path] = uint16(at*512 + code)
		}
	}
	return &table
})

// octant returns the place of an octant in a cube filled in a given way, and
// the way in which the octant is filled.
func octant(way, corner int) (place, next int) {
	gray := func(i int) int { return i ^ i>>1 }
	e, d := way/3, way%3
	turn := func(b int) int { return (b<<(d+1) | b>>(2-d)) & 7 }
	for turn(gray(place))^e != corner {
		place++
	}
	if place == 0 {
		return 0, e*3 + (d+1)%3
	}
	entry := turn(gray((place - 1) &^ 1))
	odd := uint(place-1) | 1
	ones := bits.TrailingZeros(^odd)
	return place, (e^entry)*3 + (d+ones+1)%3
}
