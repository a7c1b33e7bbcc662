package kernel

// Exp sets dst = e^x element by element, to about 2 units in the last place. It is +Inf above the range, 0 where the
// result would be subnormal, NaN for NaN.
func Exp(dst, x []float32) { exp(dst, head(x, len(dst))) }

// Tanh sets dst = tanh(x) element by element.
func Tanh(dst, x []float32) { tanh(dst, head(x, len(dst))) }

// TanhGrad adds to dx the gradient of y = tanh(x): dx += dy * (1 - y*y).
func TanhGrad(dx, dy, y []float32) { tanhGrad(dx, head(dy, len(dx)), head(y, len(dx))) }

// Sigmoid sets dst = 1 / (1 + e^-x) element by element.
func Sigmoid(dst, x []float32) { sigmoid(dst, head(x, len(dst))) }

// SigmoidGrad adds to dx the gradient of y = Sigmoid(x): dx += dy * y * (1 - y).
func SigmoidGrad(dx, dy, y []float32) { sigmoidGrad(dx, head(dy, len(dx)), head(y, len(dx))) }

// SiLU sets dst = x * Sigmoid(x) element by element.
func SiLU(dst, x []float32) { silu(dst, head(x, len(dst))) }

// SiLUGrad adds to dx the gradient of SiLU at x: dx += dy * s * (1 + x*(1-s)), s = Sigmoid(x).
func SiLUGrad(dx, dy, x []float32) { siluGrad(dx, head(dy, len(dx)), head(x, len(dx))) }

// GELU sets dst = x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715*x^3))) element by element (Hendrycks and Gimpel 2016).
func GELU(dst, x []float32) { gelu(dst, head(x, len(dst))) }

// GELUGrad adds to dx the gradient of GELU at x, times dy.
func GELUGrad(dx, dy, x []float32) { geluGrad(dx, head(dy, len(dx)), head(x, len(dx))) }

// ReLU sets dst = max(x, 0) element by element; NaN stays NaN.
func ReLU(dst, x []float32) { relu(dst, head(x, len(dst))) }

// ReLUGrad adds to dx the gradient of y = ReLU(x): dx += dy where y > 0.
func ReLUGrad(dx, dy, y []float32) { reluGrad(dx, head(dy, len(dx)), head(y, len(dx))) }

// The tanh form of GELU is x * Sigmoid(u) with u = 2*sqrt(2/pi) * (x + 0.044715*x*x*x) = x*(geluA + geluB*x*x).
const (
	geluA = 1.5957691216057308
	geluB = geluA * 0.044715
)

func expPlain(dst, x []float32) {
	for i, v := range x {
		dst[i] = exp32(v)
	}
}

func tanhPlain(dst, x []float32) {
	for i, v := range x {
		dst[i] = float32(tanh64(float64(v)))
	}
}

func tanhGradPlain(dx, dy, y []float32) {
	for i, v := range y {
		dx[i] += float32(dy[i] * (1 - float32(v*v)))
	}
}

func sigmoidPlain(dst, x []float32) {
	for i, v := range x {
		dst[i] = float32(sigmoid64(float64(v)))
	}
}

func sigmoidGradPlain(dx, dy, y []float32) {
	for i, v := range y {
		dx[i] += float32(dy[i] * (v * (1 - v)))
	}
}

func siluPlain(dst, x []float32) {
	for i, v := range x {
		dst[i] = v * float32(sigmoid64(float64(v)))
	}
}

func siluGradPlain(dx, dy, x []float32) {
	for i, v := range x {
		z := min(max(float64(v), -100), 100)
		s := sigmoid64(z)
		dx[i] += float32(dy[i] * float32(s*(1+float64(z*(1-s)))))
	}
}

func geluPlain(dst, x []float32) {
	for i, v := range x {
		z := float64(v)
		dst[i] = v * float32(sigmoid64(z*(geluA+float64(geluB*z*z))))
	}
}

func geluGradPlain(dx, dy, x []float32) {
	for i, v := range x {
		z := min(max(float64(v), -16), 16)
		s := sigmoid64(z * (geluA + float64(geluB*z*z)))
		dx[i] += float32(dy[i] * float32(s+float64(z*s*(1-s)*(geluA+float64(3*geluB*z*z)))))
	}
}

func reluPlain(dst, x []float32) {
	for i, v := range x {
		if v < 0 {
			v = 0
		}
		dst[i] = v
	}
}

func reluGradPlain(dx, dy, y []float32) {
	for i, v := range y {
		if v > 0 {
			dx[i] += dy[i]
		}
	}
}
