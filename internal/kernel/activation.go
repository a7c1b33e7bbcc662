package kernel

// Exp sets dst = e^x element by element, to about 2 units in the last place. It is +Inf above the range, 0 where the
// result would be subnormal, NaN for NaN.
func Exp(dst, x []float32) {
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = exp32(v)
	}
}

// Tanh sets dst = tanh(x) element by element.
func Tanh(dst, x []float32) {
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = float32(tanh64(float64(v)))
	}
}

// TanhGrad adds to dx the gradient of y = tanh(x): dx += dy * (1 - y*y).
func TanhGrad(dx, dy, y []float32) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	for i, v := range y {
		dx[i] += dy[i] * (1 - v*v)
	}
}

// Sigmoid sets dst = 1 / (1 + e^-x) element by element.
func Sigmoid(dst, x []float32) {
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = float32(sigmoid64(float64(v)))
	}
}

// SigmoidGrad adds to dx the gradient of y = Sigmoid(x): dx += dy * y * (1 - y).
func SigmoidGrad(dx, dy, y []float32) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	for i, v := range y {
		dx[i] += dy[i] * (v * (1 - v))
	}
}

// SiLU sets dst = x * Sigmoid(x) element by element.
func SiLU(dst, x []float32) {
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = float32(float64(v) * sigmoid64(float64(v)))
	}
}

// SiLUGrad adds to dx the gradient of SiLU at x: dx += dy * s * (1 + x*(1-s)), s = Sigmoid(x).
func SiLUGrad(dx, dy, x []float32) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, v := range x {
		s := sigmoid64(float64(v))
		dx[i] += dy[i] * float32(s*(1+float64(v)*(1-s)))
	}
}

// The tanh form of GELU is x * Sigmoid(u) with u = 2*sqrt(2/pi) * (x + 0.044715*x*x*x) = x*(geluA + geluB*x*x).
const (
	geluA = 1.5957691216057308
	geluB = geluA * 0.044715
)

// GELU sets dst = x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715*x^3))) element by element (Hendrycks and Gimpel 2016).
func GELU(dst, x []float32) {
	x = x[:len(dst)]
	for i, v := range x {
		z := float64(v)
		dst[i] = float32(z * sigmoid64(z*(geluA+geluB*z*z)))
	}
}

// GELUGrad adds to dx the gradient of GELU at x, times dy.
func GELUGrad(dx, dy, x []float32) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, v := range x {
		z := float64(v)
		s := sigmoid64(z * (geluA + geluB*z*z))
		dx[i] += dy[i] * float32(s+z*s*(1-s)*(geluA+3*geluB*z*z))
	}
}

// ReLU sets dst = max(x, 0) element by element; NaN stays NaN.
func ReLU(dst, x []float32) {
	x = x[:len(dst)]
	for i, v := range x {
		if v < 0 {
			v = 0
		}
		dst[i] = v
	}
}

// ReLUGrad adds to dx the gradient of y = ReLU(x): dx += dy where y > 0.
func ReLUGrad(dx, dy, y []float32) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	for i, v := range y {
		if v > 0 {
			dx[i] += dy[i]
		}
	}
}
