package pointcloud

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
	var cov Matrix
	for _, p := range c.Points {
		for i := range 3 {
			for j := i; j < 3; j++ {
				cov[i][j] += float64((float64(p[i]) - mean[i]) * (float64(p[j]) - mean[j]))
			}
		}
	}
	_, vectors := eigen([][]float64{
		{cov[0][0], cov[0][1], cov[0][2]},
		{cov[0][1], cov[1][1], cov[1][2]},
		{cov[0][2], cov[1][2], cov[2][2]},
	})
	axes := [3][3]float64{[3]float64(vectors[2]), [3]float64(vectors[1]), [3]float64(vectors[0])}
	for i, a := range axes[:2] {
		var third float64
		for _, p := range c.Points {
			d := dot(a, sub(wide(p), mean))
			third += float64(d * d * d)
		}
		if third < 0 {
			axes[i] = [3]float64{-a[0], -a[1], -a[2]}
		}
	}
	axes[2] = cross(axes[0], axes[1])
	return Matrix(axes)
}
