package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sizes cross every edge of the loops: blocks of 16, unrolled by two and four.
func sizes() []int {
	s := make([]int, 0, 140)
	for n := 0; n < 131; n += pace(11) {
		s = append(s, n)
	}
	return append(s, 255, 256, 257, 1000, 1024, 4099)
}

// pace is a step of loops: one, or short when tests are to be short.
func pace(short int) int {
	if testing.Short() {
		return short
	}
	return 1
}

var (
	inf    = float32(math.Inf(1))
	notNum = float32(math.NaN())
)

// special numbers of float32 that every function meets.
var special = []float32{0, float32(math.Copysign(0, -1)), inf, -inf, notNum, math.MaxFloat32, -math.MaxFloat32, 1e-30, -1e-30,
	1e30, -1e30, 1e4, -1e4, 88.7, 88.72283, 88.73, 88.8, 89, 90, 128, -87.3, -87.4, -88, -100, -104, -150, 0.624, 0.625, 0.626, -0.625, 16, -16, 9, -9, 1, -1}

// spread draws n numbers over the range where functions do something, some of them special.
func spread(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64() * math.Pow(10, float64(rng.IntN(4)-2)))
	}
	for range n / 20 {
		x[rng.IntN(n)] = special[rng.IntN(len(special))]
	}
	return x
}

func sigmoid1(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
func geluInner(x float64) float64 {
	return 2 * math.Sqrt(2/math.Pi) * (x + 0.044715*x*x*x)
}

// near holds got to want within a relative error and an absolute one; infinities and NaN must be the same, and what is
// below the normal range may be zero.
func near(t *testing.T, want float64, got float32, relative, absolute float64, what string, args ...any) {
	t.Helper()
	w, g := want, float64(got)
	switch {
	case math.IsNaN(w) && math.IsNaN(g):
		return
	case w > math.MaxFloat32 && g > math.MaxFloat32, w < -math.MaxFloat32 && g < -math.MaxFloat32:
		return
	case math.Abs(g-w) <= relative*math.Abs(w)+absolute+1.2e-38:
		return
	}
	t.Fatalf("%s: got %g, want %g", fmt.Sprintf(what, args...), got, want)
}

func TestFunctions(t *testing.T) {
	functions := []struct {
		name      string
		f         func(dst, x []float32)
		twin      func(x float64) float64
		relative  float64
		absolute  float64
		unlimited bool // the twin's limits at infinity are those of the function
	}{
		{"exp", Exp, math.Exp, 2e-7, 0, true},
		{"tanh", Tanh, math.Tanh, 2.4e-7, 0, true},
		{"sigmoid", Sigmoid, sigmoid1, 2.4e-7, 0, true},
		{"silu", SiLU, func(x float64) float64 { return x * sigmoid1(x) }, 3e-7, 1e-35, false},
		{"gelu", GELU, func(x float64) float64 { return x * sigmoid1(geluInner(x)) }, 4e-7, 1e-6, false},
		{"relu", ReLU, func(x float64) float64 {
			if x < 0 {
				return 0
			}
			return x
		}, 0, 0, true},
	}
	for _, f := range functions {
		t.Run(f.name, func(t *testing.T) {
			forLevels(t, func(t *testing.T) {
				rng := rand.New(rand.NewPCG(1, 1))
				for _, n := range sizes() {
					x := spread(rng, n)
					if n > 4000 {
						copy(x, special)
					}
					y := make([]float32, n)
					f.f(y, x)
					for i, v := range x {
						if !f.unlimited && math.IsInf(float64(v), 0) {
							continue
						}
						near(t, f.twin(float64(v)), y[i], f.relative, f.absolute, "%s(%g)", f.name, v)
					}
					f.f(x, x)
					same(t, y, x, "%s in place", f.name)
				}
			})
		})
	}
}

func TestGradients(t *testing.T) {
	tanh := func(y float64) float64 { return 1 - y*y }
	sigmoid := func(y float64) float64 { return y * (1 - y) }
	relu := func(y float64) float64 {
		if y > 0 {
			return 1
		}
		return 0
	}
	silu := func(x float64) float64 {
		s := sigmoid1(x)
		if s == 0 || s == 1 {
			return s
		}
		return s * (1 + x*(1-s))
	}
	gelu := func(x float64) float64 {
		s := sigmoid1(geluInner(x))
		if s == 0 || s == 1 {
			return s
		}
		return s + x*s*(1-s)*2*math.Sqrt(2/math.Pi)*(1+3*0.044715*x*x)
	}
	for _, f := range []struct {
		name string
		f    func(dx, dy, v []float32)
		twin func(v float64) float64
	}{{"tanh", TanhGrad, tanh}, {"sigmoid", SigmoidGrad, sigmoid}, {"relu", ReLUGrad, relu}, {"silu", SiLUGrad, silu}, {"gelu", GELUGrad, gelu}} {
		t.Run(f.name, func(t *testing.T) {
			forLevels(t, func(t *testing.T) {
				rng := rand.New(rand.NewPCG(2, 2))
				for _, n := range sizes() {
					v, dy, dx := random(rng, n), random(rng, n), random(rng, n)
					if f.name == "silu" || f.name == "gelu" || f.name == "relu" {
						v = spread(rng, n)
						if n > 1000 {
							copy(v, special)
						}
					}
					got := append([]float32(nil), dx...)
					f.f(got, dy, v)
					for i := range got {
						if v[i] != v[i] && f.name == "relu" {
							same(t, dx[i:i+1], got[i:i+1], "relu of NaN")
							continue
						}
						near(t, float64(dx[i])+float64(dy[i])*f.twin(float64(v[i])), got[i], 3e-7, 2e-6, "%s at %g", f.name, v[i])
					}
				}
			})
		})
	}
}

func TestElementwise(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 3))
		for _, n := range sizes() {
			x, y, z := random(rng, n), random(rng, n), random(rng, n)
			const a = 0.7
			for _, f := range []struct {
				name string
				f    func(dst []float32)
				twin func(i int) float64
			}{
				{"Add", func(d []float32) { Add(d, x, y) }, func(i int) float64 { return float64(x[i]) + float64(y[i]) }},
				{"AddTo", func(d []float32) { AddTo(d, x) }, func(i int) float64 { return float64(z[i]) + float64(x[i]) }},
				{"Axpy", func(d []float32) { Axpy(d, a, x) }, func(i int) float64 { return float64(z[i]) + float64(float32(a))*float64(x[i]) }},
				{"Scale", func(d []float32) { Scale(d, a, x) }, func(i int) float64 { return float64(float32(a)) * float64(x[i]) }},
				{"Mul", func(d []float32) { Mul(d, x, y) }, func(i int) float64 { return float64(x[i]) * float64(y[i]) }},
				{"MulAdd", func(d []float32) { MulAdd(d, x, y) }, func(i int) float64 { return float64(z[i]) + float64(x[i])*float64(y[i]) }},
			} {
				d := append([]float32(nil), z...)
				f.f(d)
				for i, v := range d {
					near(t, f.twin(i), v, 1e-7, 1.2e-7, "%s, element %d of %d", f.name, i, n)
				}
			}
			d := append([]float32(nil), x...)
			Add(d, d, d)
			for i := range d {
				require.Equal(t, 2*x[i], d[i])
			}
			if n > 0 {
				assert.Panics(t, func() { AddTo(d, x[:n-1]) })
				assert.Panics(t, func() { Exp(d, x[:n-1:n-1]) })
			}
		}
	})
}

func TestSums(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(4, 4))
		for _, n := range append(sizes(), 1<<20+3) {
			x, y := random(rng, n), random(rng, n)
			var s, q, d, size float64
			for i, v := range x {
				s += float64(v)
				q += float64(v) * float64(v)
				d += float64(v) * float64(y[i])
				size += math.Abs(float64(v) * float64(y[i]))
			}
			near(t, s, Sum(x), 6e-8, 1e-10, "sum of %d", n)
			assert.InDelta(t, q, SumSquares(x), 1e-12*q)
			near(t, d, Dot(x, y), 1e-7, 1e-6*size, "dot product of %d", n)
			if n > 1 {
				x[rng.IntN(n-1)] = notNum
				assert.True(t, Sum(x) != Sum(x), "NaN shows")
			}
		}
		if testing.Short() {
			return
		}
		ones := make([]float32, 1<<25)
		for i := range ones {
			ones[i] = 1
		}
		assert.Equal(t, float32(1<<25), Sum(ones), "a float32 alone stops counting at 1<<24")
	})
}

func TestAdam(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(5, 5))
		for _, n := range sizes() {
			p, g, m, v := random(rng, n), random(rng, n), random(rng, n), random(rng, n)
			for i := range v {
				v[i] *= v[i]
			}
			const rate, eps, c1, c2, decay = 1e-2, 1e-8, 0.19, 0.002, 0.01
			beta1, beta2 := float64(float32(0.9)), float64(float32(0.999)) // 1-beta is taken from the rounded number
			wantM, wantV, wantP := make([]float64, n), make([]float64, n), make([]float64, n)
			for i := range p {
				wantM[i] = beta1*float64(m[i]) + (1-beta1)*float64(g[i])
				wantV[i] = beta2*float64(v[i]) + (1-beta2)*float64(g[i])*float64(g[i])
				wantP[i] = float64(p[i])*(1-rate*decay) - rate*(wantM[i]/c1)/(math.Sqrt(wantV[i]/c2)+eps)
			}
			Adam(p, g, m, v, rate, float32(beta1), float32(beta2), eps, c1, c2, decay)
			for i := range p {
				near(t, wantM[i], m[i], 1e-6, 1e-7, "m")
				near(t, wantV[i], v[i], 1e-6, 5e-8, "v")
				near(t, wantP[i], p[i], 1e-6, 1e-6, "p")
			}
		}
		p, zero := []float32{1, 2, 3}, make([]float32, 3)
		Adam(p, zero, make([]float32, 3), make([]float32, 3), 0.1, 0.9, 0.999, 1e-8, 0.1, 0.001, 0)
		assert.Equal(t, []float32{1, 2, 3}, p, "no gradient, no step")
	})
}
