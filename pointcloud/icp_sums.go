package pointcloud

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

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
			s.pq[i][j] += p[i] * q[j]
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
		s.b[i] += x * d
		for j := i; j < 6; j++ {
			s.a[i][j] += x * row[j]
		}
	}
}

// toPoints returns the motion that brings p to q: with U S V' the singular value
// decomposition of the sum of (p - mean p) (q - mean q)', it is
//
//	R = V diag(1, 1, det(V U')) U',  T = mean q - R mean p
func (s *sums) toPoints() Rigid {
	n := float64(s.pairs)
	h := mat.NewDense(3, 3, nil)
	var size float64
	for i := range 3 {
		for j := range 3 {
			x := s.pq[i][j] - s.p[i]*s.q[j]/n
			h.Set(i, j, x)
			size = max(size, math.Abs(x))
		}
	}
	// Of rotations that are equally good this prefers the smallest.
	for i := range 3 {
		h.Set(i, i, h.At(i, i)+1e-12*size)
	}
	m := Rigid{R: identity}
	var svd mat.SVD
	if svd.Factorize(h, mat.SVDFull) {
		var u, v mat.Dense
		svd.UTo(&u)
		svd.VTo(&v)
		if mat.Det(&u)*mat.Det(&v) < 0 {
			for i := range 3 {
				v.Set(i, 2, -v.At(i, 2))
			}
		}
		for i := range 3 {
			for j := range 3 {
				m.R[i][j] = v.At(i, 0)*u.At(j, 0) + v.At(i, 1)*u.At(j, 1) + v.At(i, 2)*u.At(j, 2)
			}
		}
	}
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
	about := mat.NewDense(6, 6, []float64{
		1, 0, 0, 0, c[2], -c[1],
		0, 1, 0, -c[2], 0, c[0],
		0, 0, 1, c[1], -c[0], 0,
		0, 0, 0, 1, 0, 0,
		0, 0, 0, 0, 1, 0,
		0, 0, 0, 0, 0, 1,
	})
	var a, b mat.Dense
	a.Product(about, symmetric(s.a), about.T())
	b.Mul(about, mat.NewVecDense(6, s.b[:]))

	m := Rigid{R: identity}
	var eigen mat.EigenSym
	if !eigen.Factorize(mat.NewSymDense(6, a.RawMatrix().Data), true) {
		return m
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	values := eigen.Values(nil)
	var x [6]float64
	for k, l := range values {
		if l <= 1e-9*values[5] {
			continue // pairs say nothing about this motion
		}
		var d float64
		for i := range x {
			d += b.At(i, 0) * vectors.At(i, k)
		}
		for i := range x {
			x[i] += d / l * vectors.At(i, k)
		}
	}
	w := [3]float64{x[0], x[1], x[2]}
	m.R = Rotation(w, norm(w))
	turned := m.R.of(c)
	for k := range 3 {
		m.T[k] = c[k] + x[3+k] - turned[k]
	}
	return m
}

// symmetric returns the matrix of which a is the upper half.
func symmetric(a [6][6]float64) *mat.SymDense {
	s := mat.NewSymDense(6, nil)
	for i, row := range a {
		for j := i; j < 6; j++ {
			s.SetSym(i, j, row[j])
		}
	}
	return s
}
