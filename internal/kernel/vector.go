package kernel

import "math"

// Add sets dst = x + y element by element.
func Add(dst, x, y []float32) {
	x, y = x[:len(dst)], y[:len(dst)]
	for i, v := range x {
		dst[i] = v + y[i]
	}
}

// AddTo adds x to dst element by element.
func AddTo(dst, x []float32) {
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] += v
	}
}

// Axpy adds a*x to dst element by element.
func Axpy(dst []float32, a float32, x []float32) {
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] += a * v
	}
}

// Scale sets dst = a*x element by element.
func Scale(dst []float32, a float32, x []float32) {
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = a * v
	}
}

// Mul sets dst = x*y element by element.
func Mul(dst, x, y []float32) {
	x, y = x[:len(dst)], y[:len(dst)]
	for i, v := range x {
		dst[i] = v * y[i]
	}
}

// MulAdd adds x*y to dst element by element.
func MulAdd(dst, x, y []float32) {
	x, y = x[:len(dst)], y[:len(dst)]
	for i, v := range x {
		dst[i] += v * y[i]
	}
}

// Dot returns the sum of x*y, which are equally long.
func Dot(x, y []float32) float32 {
	y = y[:len(x)]
	var s float64
	for i, v := range x {
		s += float64(v) * float64(y[i])
	}
	return float32(s)
}

// Sum returns the sum of x, added up in float64.
func Sum(x []float32) float32 {
	var s float64
	for _, v := range x {
		s += float64(v)
	}
	return float32(s)
}

// SumSquares returns the sum of x*x, added up in float64.
func SumSquares(x []float32) float64 {
	var s float64
	for _, v := range x {
		s += float64(v) * float64(v)
	}
	return s
}

// Max returns the largest element of x: -Inf for none, and NaN elements are passed over.
func Max(x []float32) float32 {
	m := float32(math.Inf(-1))
	for _, v := range x {
		if v > m {
			m = v
		}
	}
	return m
}
