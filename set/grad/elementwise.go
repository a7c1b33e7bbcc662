package grad

import (
	"math"

	"setwise/internal/elementary"
	"setwise/internal/kernel"
	"setwise/internal/parallel"
	"setwise/set"
)

// numbersAtOnce is how many numbers are worth handing to another worker.
const numbersAtOnce = 1 << 15

// numbers calls f on consecutive parts of n numbers.
func numbers(n int, f func(lo, hi int)) { parallel.Range(n, numbersAtOnce, f) }

func checkSame(op string, x, y Value) {
	if len(x.Values) != len(y.Values) || x.Dim != y.Dim {
		panic(set.Mismatch(op, "%d elements of width %d, got %d of %d", x.Len(), x.Dim, y.Len(), y.Dim))
	}
}

// Add returns x + y, number by number: as many elements of one width. The sets
// of the result, here and below, are those of x.
func (t *Tape) Add(x, y Value) Value {
	checkSame("grad.Add", x, y)
	z := t.Like(x.Batch, x.Dim)
	xs, ys, zs := x.Values, y.Values, z.Values
	numbers(len(zs), func(lo, hi int) { kernel.Add(zs[lo:hi], xs[lo:hi], ys[lo:hi]) })
	return t.Record(Op{Name: "Add"}, z, func(dz []float32, din [][]float32) {
		for _, d := range din {
			if d != nil {
				numbers(len(dz), func(lo, hi int) { kernel.AddTo(d[lo:hi], dz[lo:hi]) })
			}
		}
	}, x, y)
}

// Sub returns x - y, number by number.
func (t *Tape) Sub(x, y Value) Value { return t.Add(x, t.Scale(y, -1)) }

// Multiply returns x times y, number by number.
func (t *Tape) Multiply(x, y Value) Value {
	checkSame("grad.Multiply", x, y)
	z := t.Like(x.Batch, x.Dim)
	kernel.Mul(z.Values, x.Values, y.Values)
	return t.Record(Op{Name: "Multiply"}, z, func(dz []float32, din [][]float32) {
		if din[0] != nil {
			kernel.MulAdd(din[0], dz, y.Values)
		}
		if din[1] != nil {
			kernel.MulAdd(din[1], dz, x.Values)
		}
	}, x, y)
}

// Scale returns by times x.
func (t *Tape) Scale(x Value, by float32) Value {
	y := t.Like(x.Batch, x.Dim)
	kernel.Scale(y.Values, by, x.Values)
	return t.Record(Op{"Scale", by}, y, func(dy []float32, din [][]float32) { kernel.Axpy(din[0], by, dy) }, x)
}

// Shift returns x + by, where by is one element as wide as those of x.
func (t *Tape) Shift(x, by Value) Value {
	op := Op{Name: "Shift"}
	if by.Len() != 1 || by.Dim != x.Dim {
		panic(set.Mismatch("grad.Shift", "one element of width %d to add, got %d of %d", x.Dim, by.Len(), by.Dim))
	}
	y := t.Like(x.Batch, x.Dim)
	copy(y.Values, x.Values)
	kernel.AddBias(y.Values, x.Len(), x.Dim, by.Values)
	return t.Record(op, y, func(dy []float32, din [][]float32) {
		if din[0] != nil {
			kernel.AddTo(din[0], dy)
		}
		if din[1] != nil {
			kernel.ColSum(din[1], dy, x.Len(), x.Dim)
		}
	}, x, by)
}

// ReLU returns the positive part of x. Its gradient at 0 is 0.
func (t *Tape) ReLU(x Value) Value {
	return t.function("ReLU", x, kernel.ReLU, func(dx, dy, _, y []float32) { kernel.ReLUGrad(dx, dy, y) })
}

// SiLU returns x / (1 + exp(-x)), also called swish (Elfwing et al. 2018).
func (t *Tape) SiLU(x Value) Value {
	return t.function("SiLU", x, kernel.SiLU, func(dx, dy, x, _ []float32) { kernel.SiLUGrad(dx, dy, x) })
}

// GELU returns x Φ(x) in its tanh form (Hendrycks and Gimpel 2016):
// x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))).
func (t *Tape) GELU(x Value) Value {
	return t.function("GELU", x, kernel.GELU, func(dx, dy, x, _ []float32) { kernel.GELUGrad(dx, dy, x) })
}

// Tanh returns the hyperbolic tangent of x.
func (t *Tape) Tanh(x Value) Value {
	return t.function("Tanh", x, kernel.Tanh, func(dx, dy, _, y []float32) { kernel.TanhGrad(dx, dy, y) })
}

// Sigmoid returns 1 / (1 + exp(-x)).
func (t *Tape) Sigmoid(x Value) Value {
	return t.function("Sigmoid", x, kernel.Sigmoid, func(dx, dy, _, y []float32) { kernel.SigmoidGrad(dx, dy, y) })
}

// Exp returns e to the power x.
func (t *Tape) Exp(x Value) Value {
	return t.function("Exp", x, kernel.Exp, func(dx, dy, _, y []float32) { kernel.MulAdd(dx, dy, y) })
}

// Softplus returns log(1 + exp(x)), a smooth positive part, computed without
// overflow.
func (t *Tape) Softplus(x Value) Value {
	return t.function("Softplus", x, func(y, x []float32) {
		for i, a := range x {
			y[i] = elementary.Softplus(a)
		}
	}, func(dx, dy, x, _ []float32) {
		for i, a := range x {
			dx[i] += float32(dy[i] * elementary.Sigmoid(a))
		}
	})
}

// Sin returns the sine of x, in radians.
func (t *Tape) Sin(x Value) Value { return t.wave("Sin", x, 0) }

// Cos returns the cosine of x, in radians.
func (t *Tape) Cos(x Value) Value { return t.wave("Cos", x, math.Pi/2) }

// wave returns the sine of x + ahead.
func (t *Tape) wave(name string, x Value, ahead float64) Value {
	return t.function(name, x, func(y, x []float32) {
		for i, a := range x {
			y[i] = float32(elementary.Sin(float64(a) + ahead))
		}
	}, func(dx, dy, x, _ []float32) {
		for i, a := range x {
			dx[i] += float32(dy[i] * float32(elementary.Cos(float64(a)+ahead)))
		}
	})
}

// function applies f to every number of x; back adds dy f'(x) to dx.
func (t *Tape) function(name string, x Value, f func(y, x []float32), back func(dx, dy, x, y []float32)) Value {
	y := t.Like(x.Batch, x.Dim)
	xs, ys := x.Values, y.Values
	numbers(len(xs), func(lo, hi int) { f(ys[lo:hi], xs[lo:hi]) })
	return t.Record(Op{Name: name}, y, func(dy []float32, din [][]float32) {
		dx := din[0]
		numbers(len(dy), func(lo, hi int) { back(dx[lo:hi], dy[lo:hi], xs[lo:hi], ys[lo:hi]) })
	}, x)
}

// Dropout sets each number of x to zero with the given probability, to the
// nearest 1/65536, and divides the others by the probability of staying, so that
// the mean is kept. On a tape that does not train it returns x. It panics with a
// [*set.ShapeError] for a probability that is not at least 0 and below 1.
func (t *Tape) Dropout(x Value, probability float32) Value {
	const parts = 1 << 16
	if !(probability >= 0 && math.Round(float64(probability)*parts) < parts) {
		panic(set.Mismatch("grad.Dropout", "a probability of at least 0 and below 1, to the nearest 1/65536, got %v", probability))
	}
	if !t.Training() || probability == 0 {
		return x
	}
	if t.rng == nil {
		panic(set.Mismatch("grad.Dropout", "a tape with a source of chance, got none"))
	}
	keep := t.Floats(len(x.Values))
	up := 1 / (1 - probability)
	bar := uint64(math.Round(float64(probability) * parts))
	for i := 0; i < len(keep); i += 4 { // four numbers of 16 bits from each draw
		bits := t.rng.Uint64()
		for j := i; j < min(i+4, len(keep)); j++ {
			keep[j] = up
			if bits&0xffff < bar {
				keep[j] = 0
			}
			bits >>= 16
		}
	}
	y := t.Like(x.Batch, x.Dim)
	kernel.Mul(y.Values, x.Values, keep)
	return t.Record(Op{"Dropout", probability}, y, func(dy []float32, din [][]float32) { kernel.MulAdd(din[0], dy, keep) }, x)
}
