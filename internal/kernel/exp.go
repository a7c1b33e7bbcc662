package kernel

import "math"

// exp64 is e to the power x for a float32 in float64, to about 30 bits. It is 0 below -746 and +Inf above 710.
func exp64(x float64) float64 {
	if x != x {
		return x
	}
	x = min(max(x, -708), 709)
	n := math.Floor(float64(x*math.Log2E) + 0.5)
	r := x - float64(n*math.Ln2)
	p := float64(r * (1. / 5040))
	p = float64(r * (1./720 + p))
	p = float64(r * (1./120 + p))
	p = float64(r * (1./24 + p))
	p = float64(r * (1./6 + p))
	p = float64(r * (1./2 + p))
	p = float64(r * (1 + p))
	return (1 + p) * math.Float64frombits(uint64(1023+int64(n))<<52)
}

// underflow is the logarithm of the smallest normal float32: below it exp is zero.
const underflow = -87.33654

func exp32(x float32) float32 {
	if x < underflow {
		return 0
	}
	return float32(exp64(float64(x)))
}

func tanh64(x float64) float64 {
	if x > -1e-4 && x < 1e-4 {
		return x
	}
	if x > 20 {
		return 1
	}
	e := exp64(2*x) - 1
	return e / (e + 2)
}

func sigmoid64(x float64) float64 {
	if x < underflow {
		return 0
	}
	return 1 / (1 + exp64(-x))
}
