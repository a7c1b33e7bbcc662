package elementary

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// functions lists all functions of one number, with those of the standard
// library and arguments of every size that they take.
var functions = []struct {
	name      string
	own, math func(float64) float64
	draw      func(*rand.Rand) float64
}{
	{"Exp", Exp, math.Exp, func(r *rand.Rand) float64 { return float64(1416*r.Float64()) - 707 }},
	{"Exp", Exp, math.Exp, func(r *rand.Rand) float64 { return r.NormFloat64() }},
	{"Expm1", Expm1, math.Expm1, func(r *rand.Rand) float64 { return sized(r, -40, 6) }},
	{"Log", Log, math.Log, func(r *rand.Rand) float64 { return math.Abs(sized(r, -1022, 1023)) }},
	{"Log", Log, math.Log, func(r *rand.Rand) float64 { return 1 + sized(r, -40, -1) }},
	{"Log1p", Log1p, math.Log1p, func(r *rand.Rand) float64 { return math.Abs(sized(r, -60, 60)) }},
	{"Sin", Sin, math.Sin, func(r *rand.Rand) float64 { return sized(r, -40, 29) }},
	{"Cos", Cos, math.Cos, func(r *rand.Rand) float64 { return sized(r, -40, 29) }},
	{"arc", arc, math.Atan, (*rand.Rand).Float64},
}

// sized returns a number of a random size between powers of 2, and of either
// sign.
func sized(r *rand.Rand, lo, hi int) float64 {
	x := math.Ldexp(1+r.Float64(), lo+r.IntN(hi-lo))
	if r.IntN(2) == 0 {
		return -x
	}
	return x
}

// apart returns how many units in the last place two numbers differ by.
func apart(x, y float64) float64 {
	if x == y || x != x && y != y {
		return 0
	}
	unit := math.Nextafter(math.Abs(y), math.Inf(1)) - math.Abs(y)
	return math.Abs(x-y) / unit
}

func TestAgreesWithMath(t *testing.T) {
	for _, f := range functions {
		rng := rand.New(rand.NewPCG(1, 2))
		var worst, at float64
		for range 100_000 {
			x := f.draw(rng)
			if d := apart(f.own(x), f.math(x)); !(d <= worst) {
				worst, at = d, x
			}
		}
		assert.LessOrEqual(t, worst, 4., "%s(%v): got %v, want %v", f.name, at, f.own(at), f.math(at))
	}
}

func TestAtan2(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		y, x := sized(rng, -20, 20), sized(rng, -20, 20)
		require.LessOrEqual(t, apart(Atan2(y, x), math.Atan2(y, x)), 4., "%v, %v", y, x)
	}
	zero := math.Copysign(0, -1)
	for _, c := range [][2]float64{{0, 0}, {zero, 0}, {0, zero}, {zero, zero}, {1, 0}, {-1, 0}, {0, -1}, {zero, -1}, {0, 2}} {
		require.Equal(t, math.Float64bits(math.Atan2(c[0], c[1])), math.Float64bits(Atan2(c[0], c[1])), "%v", c)
	}
}

func TestPow(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		x, y := sized(rng, -10, 10), 3*rng.Float64()
		require.InEpsilon(t, math.Pow(math.Abs(x), y), Pow(math.Abs(x), y), 1e-14)
	}
	require.Equal(t, 0., Pow(0, 0.5))
	require.Equal(t, 1., Pow(1, 0.3))
}

func TestEnds(t *testing.T) {
	inf, nan, least := math.Inf(1), math.NaN(), math.SmallestNonzeroFloat64
	zero := math.Copysign(0, -1)
	for _, c := range []struct {
		name    string
		of      func(float64) float64
		x, want float64
	}{
		{"Exp", Exp, 0, 1}, {"Exp", Exp, inf, inf}, {"Exp", Exp, -inf, 0}, {"Exp", Exp, nan, nan}, {"Exp", Exp, 1, math.E},
		{"Exp", Exp, 709.78, 0x1.fe9ce5c4c52b4p+1023}, {"Exp", Exp, 709.79, inf}, {"Exp", Exp, -745.1, least}, {"Exp", Exp, -745.2, 0},
		{"Expm1", Expm1, zero, zero}, {"Expm1", Expm1, inf, inf}, {"Expm1", Expm1, -inf, -1}, {"Expm1", Expm1, nan, nan}, {"Expm1", Expm1, least, least},
		{"Log", Log, 0, -inf}, {"Log", Log, zero, -inf}, {"Log", Log, -1, nan}, {"Log", Log, inf, inf}, {"Log", Log, nan, nan}, {"Log", Log, 1, 0},
		{"Log", Log, least, -0x1.74385446d71c3p+9}, {"Log", Log, math.MaxFloat64, 0x1.62e42fefa39efp+9},
		{"Log1p", Log1p, zero, zero}, {"Log1p", Log1p, inf, inf}, {"Log1p", Log1p, nan, nan}, {"Log1p", Log1p, -1, -inf}, {"Log1p", Log1p, least, least},
		{"Sin", Sin, zero, zero}, {"Sin", Sin, inf, nan}, {"Sin", Sin, nan, nan}, {"Sin", Sin, least, least}, {"Cos", Cos, 0, 1}, {"Cos", Cos, -inf, nan},
	} {
		got := c.of(c.x)
		require.LessOrEqual(t, apart(got, c.want), 1., "%s(%v): got %x, want %x", c.name, c.x, got, c.want)
		require.Equal(t, math.Signbit(c.want), math.Signbit(got) && got == got, "%s(%v)", c.name, c.x)
	}
	for _, x := range []float64{1e10, -1e15, 1e300, math.MaxFloat64} { // of which nobody can say what sine is right
		s, c := Sincos(x)
		require.InDelta(t, 1, float64(s*s)+float64(c*c), 1e-15)
	}
}

// TestBits compares the functions with what they gave when this was written. The
// bits are those of every machine.
func TestBits(t *testing.T) {
	want := []string{
		"Exp 7081c7ad8cb4de6a", "Exp 6b151ffdf69d912c", "Expm1 7d2c43d36e421292", "Log cca38c9e15acd4a0", "Log cf2c85b910cd3918",
		"Log1p 2eff955d89e45ded", "Sin 74f34e8c6104f0d6", "Cos 545133a0aa45922a", "arc 515be5d80a024690",
	}
	var got []string
	for _, f := range functions {
		rng, h := rand.New(rand.NewPCG(3, 4)), fnv.New64a()
		for range 10_000 {
			fmt.Fprintf(h, "%x ", math.Float64bits(f.own(f.draw(rng))))
		}
		got = append(got, fmt.Sprintf("%s %016x", f.name, h.Sum64()))
	}
	require.Equal(t, want, got)
}
