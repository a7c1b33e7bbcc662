package kernel

import "math"

// Add sets dst = x + y element by element.
func Add(dst, x, y []float32) { add(dst, head(x, len(dst)), head(y, len(dst))) }

// AddTo adds x to dst element by element.
func AddTo(dst, x []float32) { add(dst, dst, head(x, len(dst))) }

// Axpy adds a*x to dst element by element.
func Axpy(dst []float32, a float32, x []float32) { axpy(dst, a, head(x, len(dst))) }

// Scale sets dst = a*x element by element.
func Scale(dst []float32, a float32, x []float32) { scale(dst, a, head(x, len(dst))) }

// Mul sets dst = x*y element by element.
func Mul(dst, x, y []float32) { mul(dst, head(x, len(dst)), head(y, len(dst))) }

// MulAdd adds x*y to dst element by element.
func MulAdd(dst, x, y []float32) { mulAdd(dst, head(x, len(dst)), head(y, len(dst))) }

// Larger sets dst to the larger of x and y element by element, x where they are equal, NaN where either is.
func Larger(dst, x, y []float32) { larger(dst, head(x, len(dst)), head(y, len(dst))) }

// AddEqual adds s to dst where x equals y.
func AddEqual(dst, s, x, y []float32) {
	addEqual(dst, head(s, len(dst)), head(x, len(dst)), head(y, len(dst)))
}

// Dot returns the sum of x*y, which are equally long.
func Dot(x, y []float32) float32 {
	var d [1]float32
	rowDots(d[:], x, head(y, len(x)), 1, len(x), len(x), len(x))
	return d[0]
}

// Sum returns the sum of x, added up in float64.
func Sum(x []float32) float32 { return float32(sum(x)) }

// SumSquares returns the sum of x*x, added up in float64.
func SumSquares(x []float32) float64 { return sumSquares(x) }

func addPlain(dst, x, y []float32) {
	for i, v := range x {
		dst[i] = v + y[i]
	}
}

func mulPlain(dst, x, y []float32) {
	for i, v := range x {
		dst[i] = v * y[i]
	}
}

func mulAddPlain(dst, x, y []float32) {
	for i, v := range x {
		dst[i] += float32(v * y[i])
	}
}

func axpyPlain(dst []float32, a float32, x []float32) {
	for i, v := range x {
		dst[i] += float32(a * v)
	}
}

func scalePlain(dst []float32, a float32, x []float32) {
	for i, v := range x {
		dst[i] = a * v
	}
}

func largerPlain(dst, x, y []float32) {
	for i, v := range x {
		if a := y[i]; a > v || a != a {
			v = a
		}
		dst[i] = v
	}
}

func addEqualPlain(dst, s, x, y []float32) {
	for i, v := range x {
		if v == y[i] {
			dst[i] += s[i]
		}
	}
}

func sumPlain(x []float32) float64 {
	var s float64
	for _, v := range x {
		s += float64(v)
	}
	return s
}

func sumSquaresPlain(x []float32) float64 {
	var s float64
	for _, v := range x {
		s += float64(float64(v) * float64(v))
	}
	return s
}

func dotPlain(x, y []float32) float32 {
	var s float64
	for i, v := range x {
		s += float64(float64(v) * float64(y[i]))
	}
	return float32(s)
}

func maxPlain(x []float32) float32 {
	m := float32(math.Inf(-1))
	for _, v := range x {
		if v > m {
			m = v
		}
	}
	return m
}
