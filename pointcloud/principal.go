package pointcloud

import (
	"gonum.org/v1/gonum/mat"
)

// PrincipalAxes returns the rotation that brings the principal axes of c onto
// x, y and z, the axis of the largest variance onto x. Each axis points to
// where the third moment of the points is positive; the third then follows from
// the right-hand rule. So clouds that differ by a turn alone come to lie alike,
// unless variances are equal or the cloud is symmetric along an axis: then the
// axes, or the directions, are arbitrary, but still a function of the points.
// The rotation of an empty cloud or of points that are not finite is the
// identity. O(points).
func (c Cloud) PrincipalAxes() Matrix {
	identity := Matrix{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}
	if c.Len() == 0 || c.Validate() != nil {
		return identity
	}
	var mean [3]float64
	for _, p := range c.Points {
		for i := range mean {
			mean[i] += float64(p[i]) / float64(c.Len())
		}
	}
	cov := mat.NewSymDense(3, nil)
	for _, p := range c.Points {
		for i := range 3 {
			for j := i; j < 3; j++ {
				cov.SetSym(i, j, cov.At(i, j)+(float64(p[i])-mean[i])*(float64(p[j])-mean[j]))
			}
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(cov, true) {
		return identity
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	var axes [3][3]float64 // eigenvalues ascend
	for i := range 3 {
		for j := range 3 {
			axes[2-i][j] = vectors.At(j, i)
		}
	}
	for i, a := range axes[:2] {
		var third float64
		for _, p := range c.Points {
			d := a[0]*(float64(p[0])-mean[0]) + a[1]*(float64(p[1])-mean[1]) + a[2]*(float64(p[2])-mean[2])
			third += d * d * d
		}
		if third < 0 {
			axes[i] = [3]float64{-a[0], -a[1], -a[2]}
		}
	}
	axes[2] = cross(axes[0], axes[1])
	return Matrix(axes)
}
