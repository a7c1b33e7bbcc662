package pointcloud

import (
	"math"

	"setwise/internal/elementary"
	"setwise/set"
)

// OrientNormals returns c with its normals turned around where that makes them
// agree with those of neighbours: all on one side of the surface that the
// points lie on (H. Hoppe and others, "Surface reconstruction from unorganized
// points", 1992). Points are joined to their k nearest, themselves among them,
// and agreement spreads along the tree that joins all of a part of the cloud by
// pairs whose normals are as parallel as can be, the minimum spanning tree of
//
//	1 - |n[i] . n[j]|
//
// A part of the cloud is what hangs together by such pairs. Hoppe makes its
// highest normal point up. Here all of a part's points say which way it faces:
// outward, as measured by
//
//	sum over i of n[i] . (p[i] - mean of p)
//
// which for a closed surface is three times its volume, in units of area a
// point. Where that vanishes, as in a plane, the sum of the normals points in
// the direction that comes last by coordinates. So the result is a function of
// the set, up to rounding, but where a pair of normals at right angles is all
// that joins two regions of a part.
//
// Points that are equal, or on a line, keep what normals they have up to the
// sign, and so does a point alone; a normal of zero stays zero. Of neighbours
// equally far the first ones count. OrientNormals panics with a
// [*set.ShapeError] for a k below 2, for points without normals, and for points
// or normals that are not finite. O(points (log(points) + k)) time for most
// clouds.
func (c Cloud) OrientNormals(k int) Cloud {
	if k < 2 {
		panic(set.Mismatch("pointcloud.OrientNormals", "k of at least 2, got %d", k))
	}
	c.needNormals("OrientNormals")
	out := c.Clone()
	pairs := c.Neighbours(k)
	k = min(k, c.Len())
	keys := make([]uint64, len(pairs.Index))
	for e, j := range pairs.Index {
		a, b := wide(c.Normals[e/k]), wide(c.Normals[j])
		keys[e] = uint64(math.Float32bits(float32(max(1-math.Abs(dot(a, b)), 0))))
	}
	// Kruskal's algorithm, where a part also knows which of its points are
	// turned around relative to the first of them.
	parts := newParts(c.Len())
	for _, e := range ranked(keys) {
		i, j := e/int32(k), pairs.Index[e]
		parts.join(i, j, dot(wide(c.Normals[i]), wide(c.Normals[j])) < 0)
	}
	faces := parts.faces(c)
	for i, n := range c.Normals {
		first, turned := parts.find(int32(i))
		if turned != (faces[first] < 0) {
			out.Normals[i] = [3]float32{-n[0], -n[1], -n[2]}
		}
	}
	return out
}

// OrientTowards returns c with its normals turned around where they point away
// from a place, such as the scanner that saw the points, measured from c.Origin:
//
//	n[i] . (place - p[i]) >= 0
//
// Normals at right angles to that stay as they are, and so do all if the place
// is not finite. It panics with a [*set.ShapeError] for points without normals,
// and for points or normals that are not finite. O(points).
func (c Cloud) OrientTowards(place [3]float32) Cloud {
	c.needNormals("OrientTowards")
	out := c.Clone()
	if !elementary.FiniteVector(place) {
		return out
	}
	for i, n := range c.Normals {
		if dot(wide(n), sub(wide(place), wide(c.Points[i]))) < 0 {
			out.Normals[i] = [3]float32{-n[0], -n[1], -n[2]}
		}
	}
	return out
}

// needNormals panics if c is not valid or has points without normals.
func (c Cloud) needNormals(op string) {
	if err := c.Validate(); err != nil {
		panic(set.Mismatch("pointcloud."+op, "a valid cloud, got %v", err))
	}
	if len(c.Normals) != len(c.Points) {
		panic(set.Mismatch("pointcloud."+op, "a normal for each of %d points, got none", len(c.Points)))
	}
}

// faces returns, for the top of each part, a number that is positive where the
// normals, as they are turned relative to the top's, face outward.
func (p parts) faces(c Cloud) []float64 {
	type sums struct {
		n, outward, far float64
		points, normals [3]float64
	}
	all := make([]sums, len(p))
	for i, x := range c.Points {
		top, _ := p.find(int32(i))
		s := &all[top]
		s.n++
		for k := range 3 {
			s.points[k] += float64(x[k])
		}
	}
	for i, x := range c.Points {
		top, turned := p.find(int32(i))
		s := &all[top]
		n := wide(c.Normals[i])
		if turned {
			n = [3]float64{-n[0], -n[1], -n[2]}
		}
		d := sub(wide(x), [3]float64{s.points[0] / s.n, s.points[1] / s.n, s.points[2] / s.n})
		s.outward += dot(n, d)
		s.far += norm(d)
		for k := range 3 {
			s.normals[k] += n[k]
		}
	}
	faces := make([]float64, len(p))
	for i, s := range all {
		faces[i] = s.outward
		flat := math.Abs(s.outward) <= flatness*s.far && norm(s.normals) >= s.n/10
		if flat || s.outward == 0 {
			faces[i] = last(s.normals, 1e-6*s.n)
		}
	}
	return faces
}

// flatness is the mean distance of points from a plane through their mean, over
// that from the mean itself, up to which they are taken to lie in a plane.
const flatness = 0.01

// last is positive where v points in the direction that comes last by
// coordinates, those that are small left out.
func last(v [3]float64, small float64) float64 {
	for _, x := range v {
		if math.Abs(x) > small {
			return x
		}
	}
	return 1
}
