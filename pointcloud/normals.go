package pointcloud

import (
	"math"
	"slices"

	"setwise/set"
)

// WithNormals returns c with a normal for each point: the direction in which
// its k nearest points, itself among them, vary least (Hoppe et al. 1992). A
// normal points away from the centroid of the cloud, or, where it lies across,
// in the direction that comes last by coordinates: it is a function of the set.
// Where that is not the outside, as in a torus, [Cloud.OrientNormals] and
// [Cloud.OrientTowards] turn normals around. Where all neighbours lie on a line
// or in one place the normal is one of the many that fit. Of neighbours equally
// far the first ones count, as in [Tree.Neighbours]. k is at least 3; a cloud of
// fewer points takes all. WithNormals panics with a [*set.ShapeError] for a
// smaller k and for points that are not finite. O(points (log(points) + k)) time
// for most clouds, shared among the cores.
func (c Cloud) WithNormals(k int) Cloud {
	if k < 3 {
		panic(set.Mismatch("pointcloud.WithNormals", "k of at least 3, got %d", k))
	}
	if err := c.Validate(); err != nil {
		panic(set.Mismatch("pointcloud.WithNormals", "a valid cloud, got %v", err))
	}
	out := Cloud{Points: slices.Clone(c.Points), Normals: make([][3]float32, c.Len()), Origin: c.Origin}
	center := c.Centroid()
	t := c.Tree()
	t.each(t, k, func(i int, near []Neighbour) {
		n := thinnest(c.covariance(near))
		if outward(n, c.Points[i], center) < 0 {
			n = [3]float64{-n[0], -n[1], -n[2]}
		}
		out.Normals[i] = narrow(n)
	})
	return out
}

// covariance returns xx, xy, xz, yy, yz and zz of some points about their mean,
// in units of their largest distance from the first.
func (c Cloud) covariance(near []Neighbour) [6]float64 {
	scale := 1 / math.Sqrt(near[len(near)-1].Squared)
	if math.IsInf(scale, 0) {
		return [6]float64{}
	}
	origin := wide(c.Points[near[0].Index])
	var x, y, z, xx, xy, xz, yy, yz, zz float64
	for _, p := range near {
		v := c.Points[p.Index]
		d := sub(wide(v), origin)
		a, b, c := float64(d[0]*scale), float64(d[1]*scale), float64(d[2]*scale)
		x, y, z = x+a, y+b, z+c
		xx, xy, xz = xx+float64(a*a), xy+float64(a*b), xz+float64(a*c)
		yy, yz, zz = yy+float64(b*b), yz+float64(b*c), zz+float64(c*c)
	}
	n := float64(len(near))
	return [6]float64{xx - x*x/n, xy - x*y/n, xz - x*z/n, yy - y*y/n, yz - y*z/n, zz - z*z/n}
}

// thinnest returns a unit eigenvector of the smallest eigenvalue of a symmetric
// matrix. With q the mean of the eigenvalues and p their deviation, these are q +
// p x for the roots x of x^3 - 3x - det, of which the smallest lies from -2 to -1
// and is found from -2 by I. Newton's method, which only climbs here; the
// eigenvector is at right angles to the rows of what is left.
func thinnest(m [6]float64) [3]float64 {
	xx, xy, xz, yy, yz, zz := m[0], m[1], m[2], m[3], m[4], m[5]
	q := (xx + yy + zz) / 3
	on := [3]float64{xx - q, yy - q, zz - q}
	off := [3]float64{xy, xz, yz}
	p := math.Sqrt((dot(on, on) + float64(2*dot(off, off))) / 6)
	if p <= 1e-12*math.Abs(q) || p == 0 {
		return [3]float64{0, 0, 1} // all directions are alike
	}
	a, b, c := (xx-q)/p, (yy-q)/p, (zz-q)/p
	d, e, f := xy/p, xz/p, yz/p
	det := dot([3]float64{a, d, e}, cross([3]float64{d, b, f}, [3]float64{e, f, c}))
	x := -2.
	for range 60 { // from 1 to 10, and a bit of the result each where two eigenvalues are equal
		step := (float64(x*(float64(x*x)-3)) - det) / (3 * (float64(x*x) - 1))
		if !(step < 0) || x-step == x || x-step > -1 {
			break
		}
		x -= step
	}
	least := q + float64(p*x)
	rows := [3][3]float64{{xx - least, xy, xz}, {xy, yy - least, yz}, {xz, yz, zz - least}}
	var best [3]float64
	var longest float64
	for i, u := range rows {
		v := cross(u, rows[(i+1)%3])
		if l := dot(v, v); l > longest {
			best, longest = v, l
		}
	}
	if longest <= 1e-20*p*p*p*p {
		return across(rows)
	}
	return unit(best)
}

// across returns a unit vector at right angles to all rows, which are multiples
// of one vector.
func across(rows [3][3]float64) [3]float64 {
	var u [3]float64
	for _, r := range rows {
		if dot(r, r) > dot(u, u) {
			u = r
		}
	}
	axis := [3]float64{1, 0, 0}
	if math.Abs(u[0]) > math.Abs(u[2]) {
		axis = [3]float64{0, 0, 1}
	}
	return unit(cross(u, axis))
}

// outward is positive where n points away from the center or, lying across,
// last by coordinates.
func outward(n [3]float64, p, center [3]float32) float64 {
	var d, length float64
	for i := range n {
		x := float64(p[i]) - float64(center[i])
		d += float64(n[i] * x)
		length += float64(x * x)
	}
	if math.Abs(d) > 1e-6*math.Sqrt(length) {
		return d
	}
	return last(n, 1e-6)
}
