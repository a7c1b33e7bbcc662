package pointcloud

import (
	"math"
	"slices"

	"setwise/internal/parallel"
	"setwise/set"
)

// WithNormals returns c with a normal for each point: the direction in which
// its k nearest points, itself among them, vary least (Hoppe et al. 1992). A
// normal points away from the centroid of the cloud, or, where it lies across,
// in the direction that comes last by coordinates: it is a function of the set.
// Where all neighbours lie on a line or in one place the
// normal is one of the many that fit. Of neighbours equally far the first ones
// count. k is at least 3; a cloud of fewer points takes all. WithNormals panics
// with a [*set.ShapeError] for a smaller k and for points that are not finite.
// O(points²) time.
func (c Cloud) WithNormals(k int) Cloud {
	if k < 3 {
		panic(set.Mismatch("pointcloud.WithNormals", "k of at least 3, got %d", k))
	}
	if err := c.Validate(); err != nil {
		panic(set.Mismatch("pointcloud.WithNormals", "a valid cloud, got %v", err))
	}
	out := Cloud{Points: slices.Clone(c.Points), Normals: make([][3]float32, c.Len())}
	center := c.Centroid()
	k = min(k, c.Len())
	parallel.Range(c.Len(), 64, func(lo, hi int) {
		near := make([]neighbour, 0, k+1)
		for i := lo; i < hi; i++ {
			near = c.nearest(near[:0], i, k)
			n := thinnest(c.covariance(near))
			if outward(n, c.Points[i], center) < 0 {
				n = [3]float64{-n[0], -n[1], -n[2]}
			}
			for j := range n {
				out.Normals[i][j] = float32(n[j])
			}
		}
	})
	return out
}

// neighbour is a point with its squared distance.
type neighbour struct {
	distance float64
	point    int
}

// nearest appends the k points of c nearest to point i, nearest first.
func (c Cloud) nearest(near []neighbour, i, k int) []neighbour {
	p := c.Points[i]
	for j, q := range c.Points {
		x, y, z := float64(q[0])-float64(p[0]), float64(q[1])-float64(p[1]), float64(q[2])-float64(p[2])
		d := x*x + y*y + z*z
		if len(near) == k && d >= near[k-1].distance {
			continue
		}
		at := len(near)
		for at > 0 && near[at-1].distance > d {
			at--
		}
		near = slices.Insert(near, at, neighbour{d, j})
		near = near[:min(len(near), k)]
	}
	return near
}

// covariance returns xx, xy, xz, yy, yz and zz of some points about their mean,
// in units of their largest distance from the first.
func (c Cloud) covariance(near []neighbour) (m [6]float64) {
	scale := 1 / math.Sqrt(max(near[len(near)-1].distance, math.SmallestNonzeroFloat64))
	if math.IsInf(scale, 0) {
		return m
	}
	origin := c.Points[near[0].point]
	var mean [3]float64
	n := float64(len(near))
	at := func(j int) (v [3]float64) {
		for i := range v {
			v[i] = (float64(c.Points[near[j].point][i]) - float64(origin[i])) * scale
		}
		return v
	}
	for j := range near {
		for i, x := range at(j) {
			mean[i] += x / n
		}
	}
	for j := range near {
		v := at(j)
		x, y, z := v[0]-mean[0], v[1]-mean[1], v[2]-mean[2]
		for i, s := range [6]float64{x * x, x * y, x * z, y * y, y * z, z * z} {
			m[i] += s
		}
	}
	return m
}

// thinnest returns a unit eigenvector of the smallest eigenvalue of a symmetric
// matrix. The eigenvalues are the roots of a cubic in trigonometric form (Smith
// 1961); the eigenvector is at right angles to the rows of what is left.
func thinnest(m [6]float64) [3]float64 {
	xx, xy, xz, yy, yz, zz := m[0], m[1], m[2], m[3], m[4], m[5]
	q := (xx + yy + zz) / 3
	off := xy*xy + xz*xz + yz*yz
	p := math.Sqrt(((xx-q)*(xx-q) + (yy-q)*(yy-q) + (zz-q)*(zz-q) + 2*off) / 6)
	if p <= 1e-12*math.Abs(q) || p == 0 {
		return [3]float64{0, 0, 1} // all directions are alike
	}
	a, b, c := (xx-q)/p, (yy-q)/p, (zz-q)/p
	d, e, f := xy/p, xz/p, yz/p
	det := a*(b*c-f*f) - d*(d*c-f*e) + e*(d*f-b*e)
	least := q + 2*p*math.Cos(math.Acos(min(max(det/2, -1), 1))/3+2*math.Pi/3)
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
		d += n[i] * x
		length += x * x
	}
	if math.Abs(d) > 1e-6*math.Sqrt(length) {
		return d
	}
	for _, x := range n {
		if math.Abs(x) > 1e-6 {
			return x
		}
	}
	return 1
}
