// Package elementary has exponentials, logarithms, sines and arcs that give one
// answer on every machine, bit for bit, with errors of a few units in the last
// place.
//
// Those of the standard library are assembly on some machines and Go on others,
// and where processors can, Go compiles x*y + z to one instruction that rounds
// once. An explicit conversion, float64(x*y) + z, is rounded by itself, as the
// language has it: so is every product in this library that a sum follows, where
// equal bits are promised, and what is not a sum or a product is called from here.
// math.Sqrt, math.FMA, math.Floor and the like are exact or rounded correctly
// everywhere.
package elementary

import "math"

// ln 2 in two parts, of which a whole number of the first is exact.
const (
	ln2High = 0x1.62e42feep-1
	ln2Low  = math.Ln2 - ln2High
)

// Exp returns e to the power x.
func Exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 710:
		return math.Inf(1)
	case x < -746:
		return 0
	}
	n := math.Floor(float64(x*math.Log2E) + 0.5)
	r := x - float64(n*ln2High) - float64(n*ln2Low)
	p := 1. / 6227020800 // 1/13!
	for _, c := range &[...]float64{
		1. / 479001600, 1. / 39916800, 1. / 3628800, 1. / 362880, 1. / 40320, 1. / 5040, 1. / 720, 1. / 120, 1. / 24, 1. / 6, 1. / 2, 1,
	} {
		p = float64(p*r) + c
	}
	return float64(math.Ldexp(1+float64(p*r), int(n)))
}

// Expm1 returns e to the power x, less 1, as W. Kahan does.
func Expm1(x float64) float64 {
	u := Exp(x)
	switch d := u - 1; {
	case d == 0:
		return x
	case math.Abs(x) > 1:
		return d
	default:
		return d * (x / Log(u))
	}
}

// Log returns the natural logarithm of x.
func Log(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	// log m = 2 artanh s = 2s + 2/3 s^3 + ..., where 2s = f - s f.
	f, n := m-1, float64(e)
	s := f / (2 + f)
	z := float64(s * s)
	var p float64
	for _, c := range &[...]float64{2. / 21, 2. / 19, 2. / 17, 2. / 15, 2. / 13, 2. / 11, 2. / 9, 2. / 7, 2. / 5, 2. / 3} {
		p = float64(p*z) + c
	}
	p = float64(p * z)
	return float64(n*ln2High) + (f - (float64(s*(f-p)) - float64(n*ln2Low)))
}

// Log1p returns the logarithm of 1 + x, as W. Kahan does.
func Log1p(x float64) float64 {
	u := 1 + x
	if d := u - 1; d != 0 && u <= math.MaxFloat64 {
		return Log(u) * (x / d)
	}
	return x
}

// Pow returns x to the power y, for x of 0 or more and y above 0.
func Pow(x, y float64) float64 { return Exp(float64(y * Log(x))) }

// Sin returns the sine of x, in radians.
func Sin(x float64) float64 {
	s, _ := Sincos(x)
	return s
}

// Cos returns the cosine of x, in radians.
func Cos(x float64) float64 {
	_, c := Sincos(x)
	return c
}

// Sincos returns the sine and the cosine of x, in radians. From 2^30 on they are
// those of a number not farther from x than the next float64.
func Sincos(x float64) (sin, cos float64) {
	if math.Abs(x) > 1<<30 {
		x = math.Mod(x, 2*math.Pi)
	}
	switch {
	case x == 0:
		return x, 1 // zero keeps its sign
	case !Finite(x):
		return math.NaN(), math.NaN()
	}
	const quarter = 0x1.921fb54442d18p0 // Pi/2 as far as a float64 has it
	n := math.RoundToEven(x * (2 / math.Pi))
	r := math.FMA(-n, math.Pi/2-quarter, math.FMA(-n, quarter, x))
	z := float64(r * r)
	s, c := -1./1307674368000, 1./20922789888000 // 1/15!, 1/16!
	for _, k := range &[...][2]float64{
		{1. / 6227020800, -1. / 87178291200}, {-1. / 39916800, 1. / 479001600}, {1. / 362880, -1. / 3628800},
		{-1. / 5040, 1. / 40320}, {1. / 120, -1. / 720}, {-1. / 6, 1. / 24},
	} {
		s, c = float64(s*z)+k[0], float64(c*z)+k[1]
	}
	s = r + float64(float64(s*z)*r)
	c = 1 - (float64(z/2) - float64(float64(c*z)*z))
	switch int(n) & 3 {
	case 1:
		return c, -s
	case 2:
		return -s, -c
	case 3:
		return -c, s
	}
	return s, c
}

// Atan2 returns the angle, from -Pi to Pi, of the arrow (x, y), both finite.
func Atan2(y, x float64) float64 {
	a, b := math.Abs(y), math.Abs(x)
	angle := 0.0
	if a != 0 || b != 0 {
		angle = arc(min(a, b) / max(a, b))
	}
	if a > b {
		angle = math.Pi/2 - angle
	}
	if math.Signbit(x) {
		angle = math.Pi - angle
	}
	return math.Copysign(angle, y)
}

// arc returns the angle whose tangent is t, from 0 to 1: four times that of a
// quarter of the angle, by the series.
func arc(t float64) float64 {
	for range 2 {
		t /= 1 + math.Sqrt(1+float64(t*t))
	}
	z := float64(t * t)
	var p float64
	for k := 21; k > 0; k -= 2 {
		p = 1/float64(k) - float64(p*z)
	}
	return 4 * t * p
}

// Softplus returns log(1 + exp(x)), a smooth positive part, without overflow.
func Softplus(x float32) float32 {
	return max(x, 0) + float32(Log1p(Exp(-math.Abs(float64(x)))))
}

// Sigmoid returns 1 / (1 + exp(-x)).
func Sigmoid(x float32) float32 { return float32(1 / (1 + Exp(-float64(x)))) }
