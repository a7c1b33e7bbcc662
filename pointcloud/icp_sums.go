package pointcloud

import "math"

// sums are what motions are found from.
type sums struct {
	pairs   int
	squares float64 // of the distances of pairs

	p  [3]float64
	q  [3]float64 // for points
	pq Matrix
	a  [6][6]float64 // for planes: a (w, t) = b, above and on the diagonal
	b  [6]float64
}

func (s *sums) add(o *sums) {
	s.pairs += o.pairs
	s.squares += o.squares
	for i := range 3 {
		s.p[i] += o.p[i]
		s.q[i] += o.q[i]
		for j := range 3 {
			s.pq[i][j] += o.pq[i][j]
		}
	}
	for i := range 6 {
		s.b[i] += o.b[i]
		for j := i; j < 6; j++ {
			s.a[i][j] += o.a[i][j]
		}
	}
}

// points adds a pair of points.
func (s *sums) points(p, q [3]float64) {
	for i := range 3 {
		s.p[i] += p[i]
		s.q[i] += q[i]
		for j := range 3 {
			s.pq[i][j] += float64(p[i] * q[j])
		}
	}
}

// plane adds a pair of a point and a plane:
//
//	(p + w x p + t - q) . n = (p x n) . w + n . t - (q - p) . n
func (s *sums) plane(p, q, n [3]float64) {
	c := cross(p, n)
	row := [6]float64{c[0], c[1], c[2], n[0], n[1], n[2]}
	d := dot(sub(q, p), n)
	for i, x := range p {
		s.p[i] += x
	}
	for i, x := range row {
		s.b[i] += float64(x * d)
		for j := i; j < 6; j++ {
			s.a[i][j] += float64(x * row[j])
		}
	}
}

// toPoints returns the motion that brings p to q. With H the sum of (p - mean p)
// (q - mean q)', it is the rotation R for which the trace of R H is largest, and
// T = mean q - R mean p. As a quaternion, that R is the eigenvector of the largest
// eigenvalue of a matrix of H (B. K. P. Horn, "Closed-form solution of absolute
// orientation using unit quaternions", 1987).
func (s *sums) toPoints() Rigid {
	n := float64(s.pairs)
	var h Matrix
	var size float64
	for i := range 3 {
		for j := range 3 {
			h[i][j] = s.pq[i][j] - s.p[i]*s.q[j]/n
			size = max(size, math.Abs(h[i][j]))
		}
	}
	// Of rotations that are equally good this prefers the smallest.
	for i := range 3 {
		h[i][i] += float64(1e-12 * size)
	}
	x, y, z := h[0][0], h[1][1], h[2][2]
	a, b, c := h[1][2]-h[2][1], h[2][0]-h[0][2], h[0][1]-h[1][0]
	d, e, f := h[0][1]+h[1][0], h[2][0]+h[0][2], h[1][2]+h[2][1]
	values, vectors := eigen([][]float64{
		{x + y + z, a, b, c},
		{a, x - y - z, d, e},
		{b, d, y - x - z, f},
		{c, e, f, z - x - y},
	})
	best := 0
	for k, l := range values {
		if l > values[best] {
			best = k
		}
	}
	q := vectors[best]
	m := Rigid{R: quaternion(q[1], q[2], q[3], q[0])}
	turned := m.R.of(s.p)
	for k := range 3 {
		m.T[k] = (s.q[k] - turned[k]) / n
	}
	return m
}

// toPlanes returns the motion that brings points to planes: the shortest w and t
// of those that solve the equations, with w about the mean of the points, by the
// eigenvectors.
func (s *sums) toPlanes() Rigid {
	n := float64(s.pairs)
	c := [3]float64{s.p[0] / n, s.p[1] / n, s.p[2] / n}
	// (p - c) x n = p x n - c x n, where n is the other half of a row.
	about := [6][6]float64{
		{1, 0, 0, 0, c[2], -c[1]},
		{0, 1, 0, -c[2], 0, c[0]},
		{0, 0, 1, c[1], -c[0], 0},
		{0, 0, 0, 1, 0, 0},
		{0, 0, 0, 0, 1, 0},
		{0, 0, 0, 0, 0, 1},
	}
	full := s.a
	for i := range full {
		for j := range i {
			full[i][j] = full[j][i]
		}
	}
	a := timesTransposed(timesTransposed(about, full), about)
	rows := make([][]float64, 6)
	var b, x [6]float64
	for i := range rows {
		rows[i] = a[i][:]
		b[i] = dot6(about[i][:], s.b[:])
	}
	values, vectors := eigen(rows)
	for k, l := range values {
		if !(l > 1e-9*values[5]) {
			continue // pairs say nothing about this motion
		}
		d := dot6(b[:], vectors[k]) / l
		for i := range x {
			x[i] += float64(d * vectors[k][i])
		}
	}
	w := [3]float64{x[0], x[1], x[2]}
	m := Rigid{R: Rotation(w, norm(w))}
	turned := m.R.of(c)
	for k := range 3 {
		m.T[k] = c[k] + x[3+k] - turned[k]
	}
	return m
}

// timesTransposed returns a b'.
func timesTransposed(a, b [6][6]float64) (out [6][6]float64) {
	for i := range out {
		for j := range out[i] {
			out[i][j] = dot6(a[i][:], b[j][:])
		}
	}
	return out
}

func dot6(a, b []float64) (sum float64) {
	for i, x := range a {
		sum += float64(x * b[i])
	}
	return sum
}
