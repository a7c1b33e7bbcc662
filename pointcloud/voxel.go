package pointcloud

import (
	"fmt"
	"math"
	"math/bits"

	"setwise/set"
)

// Voxels relates the cells of a grid that hold points of c to the points they
// hold. Cells are cubes of a given size, and the corner of the grid is the
// lowest corner of the cloud's box:
//
//	cell of p = floor((p - c.Bounds().Min) / size), along each axis, in float64
//
// so the grid moves with the cloud, and a point on the face between two cells
// belongs to the higher one. Cells come by x, of equal x by y, then by z;
// points of a cell by index. An empty cloud has no cells, one point or points
// that are all equal have one; of a cloud along an axis or in a plane across one
// the grid is one cell thick. Coordinates may be as large as float32 holds.
//
// [Cloud.VoxelMean] and [Cloud.VoxelFirst] make one point of each cell. With
// the relation itself, features are pooled by cell, or a model's answer for a
// cell is given back to its points:
//
//	for v := range cells.Offsets.Sets() {
//		for _, i := range cells.Of(v) { ... } // point i is in cell v
//	}
//
// It is an error if size is not a finite number above 0, if the cloud's box is
// more than 2^21 cells long along an axis, or if a coordinate is not finite.
// O(points).
func (c Cloud) Voxels(size float64) (*set.Relation, error) {
	keys, err := c.cells(size)
	if err != nil {
		return nil, err
	}
	r := &set.Relation{Offsets: set.Offsets{0}, Index: ranked(keys)}
	for at, i := range r.Index {
		if at > 0 && keys[i] != keys[r.Index[at-1]] {
			r.Offsets = append(r.Offsets, at)
		}
	}
	if len(keys) > 0 {
		r.Offsets = append(r.Offsets, len(keys))
	}
	return r, nil
}

// cells returns for each point the number of its cell, in which those of the
// cell along x, y and z stand side by side.
func (c Cloud) cells(size float64) ([]uint64, error) {
	if !(size > 0 && size <= math.MaxFloat64) {
		return nil, fmt.Errorf("pointcloud: want voxels of a finite size above 0, got %v", size)
	}
	if err := (Cloud{Points: c.Points}).Validate(); err != nil {
		return nil, err
	}
	box := c.Bounds()
	var width [3]int // bits of a cell's number along the axis
	for k, side := range box.Size() {
		last := math.Floor(side / size)
		if last >= 1<<curveBits {
			return nil, fmt.Errorf("pointcloud: want voxels of which 2^%d or fewer lie along each side of the cloud, got size %v for a side of %v",
				curveBits, size, side)
		}
		width[k] = bits.Len64(uint64(last))
	}
	low := wide(box.Min)
	keys := make([]uint64, c.Len())
	for i := range keys {
		p := &c.Points[i]
		x := uint64((float64(p[0]) - low[0]) / size)
		y := uint64((float64(p[1]) - low[1]) / size)
		z := uint64((float64(p[2]) - low[2]) / size)
		keys[i] = (x<<width[1]|y)<<width[2] | z
	}
	return keys, nil
}

// VoxelMean returns one point for each cell of [Cloud.Voxels], in their order:
// the mean of the points in the cell, and, if c has normals, the mean of their
// normals at length 1, or zero if they cancel out. Sums are taken in float64
// and by index. Errors are those of Voxels; further, it is an error if there
// are normals, but not a finite one for each point. O(points).
func (c Cloud) VoxelMean(size float64) (Cloud, error) {
	if err := c.Validate(); err != nil {
		return Cloud{}, err
	}
	cells, err := c.Voxels(size)
	if err != nil {
		return Cloud{}, err
	}
	out := Cloud{Points: make([][3]float32, cells.Offsets.Sets()), Origin: c.Origin}
	if c.Normals != nil {
		out.Normals = make([][3]float32, len(out.Points))
	}
	for v := range out.Points {
		of := cells.Of(v)
		sum := total(c.Points, of)
		n := float64(len(of))
		out.Points[v] = narrow([3]float64{sum[0] / n, sum[1] / n, sum[2] / n})
		if c.Normals != nil {
			out.Normals[v] = narrow(unit(total(c.Normals, of)))
		}
	}
	return out, nil
}

// total returns the sum of the numbered vectors.
func total(vectors [][3]float32, of []int32) [3]float64 {
	var sum [3]float64
	for _, i := range of {
		v := &vectors[i]
		sum[0] += float64(v[0])
		sum[1] += float64(v[1])
		sum[2] += float64(v[2])
	}
	return sum
}

// VoxelFirst returns for each cell of [Cloud.Voxels], in their order, the index
// of the first point in it, so that [Cloud.Select] makes a cloud of points that
// are points of c. Errors are those of Voxels. O(points).
func (c Cloud) VoxelFirst(size float64) ([]int, error) {
	cells, err := c.Voxels(size)
	if err != nil {
		return nil, err
	}
	first := make([]int, cells.Offsets.Sets())
	for v := range first {
		first[v] = int(cells.Of(v)[0])
	}
	return first, nil
}
