package pointcloud

import "math"

// eigen returns the eigenvalues of a symmetric matrix of n rows, in ascending
// order, and as rows their eigenvectors, of length 1. It turns pairs of axes until
// nothing is left beside the diagonal: C. G. J. Jacobi's method (1846), with the
// pairs in their order. The matrix is finite, and is lost.
func eigen(a [][]float64) (values []float64, vectors [][]float64) {
	n := len(a)
	vectors = make([][]float64, n)
	for i := range vectors {
		vectors[i] = make([]float64, n)
		vectors[i][i] = 1
	}
	const sweeps = 50 // 6 to 10 are enough
	for range sweeps {
		turned := false
		for p := range n {
			for q := p + 1; q < n; q++ {
				turned = jacobi(a, vectors, p, q) || turned
			}
		}
		if !turned {
			break
		}
	}
	values = make([]float64, n)
	for i := range values {
		values[i] = a[i][i]
	}
	for i := range values { // the few there are, the least first
		for j := i; j > 0 && values[j] < values[j-1]; j-- {
			values[j], values[j-1] = values[j-1], values[j]
			vectors[j], vectors[j-1] = vectors[j-1], vectors[j]
		}
	}
	return values, vectors
}

// jacobi turns axes p and q so that a[p][q] becomes 0, unless it is already, up
// to rounding.
func jacobi(a, vectors [][]float64, p, q int) bool {
	off := a[p][q]
	if size := math.Abs(a[p][p]) + math.Abs(a[q][q]); size+float64(math.Abs(off)/8) == size {
		a[p][q], a[q][p] = 0, 0
		return false
	}
	// The smaller root of t^2 + 2 theta t = 1 is the tangent of the angle.
	theta := (a[q][q] - a[p][p]) / (2 * off)
	t := 1 / (math.Abs(theta) + math.Sqrt(float64(theta*theta)+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(float64(t*t)+1)
	s := t * c
	turn := func(x, y *float64) {
		*x, *y = float64(c**x)-float64(s**y), float64(s**x)+float64(c**y)
	}
	for i := range a {
		turn(&a[i][p], &a[i][q])
	}
	for i := range a {
		turn(&a[p][i], &a[q][i])
		turn(&vectors[p][i], &vectors[q][i])
	}
	return true
}
