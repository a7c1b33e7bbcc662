package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// call runs one function of the package on slices of its own making, all from room, and returns those it wrote.
// Slices are exactly as long as they must be.
type call struct {
	name string
	run  func(room func(n int) []float32, rows, cols int) [][]float32
}

func calls() []call {
	var list []call
	add := func(name string, run func(room func(n int) []float32, rows, cols int) [][]float32) {
		list = append(list, call{name, run})
	}
	for _, f := range []struct {
		name string
		f    func(dst, x []float32)
	}{{"Exp", Exp}, {"Tanh", Tanh}, {"Sigmoid", Sigmoid}, {"SiLU", SiLU}, {"GELU", GELU}, {"ReLU", ReLU}, {"AddTo", AddTo},
		{"Axpy", func(dst, x []float32) { Axpy(dst, 0.3, x) }}, {"Scale", func(dst, x []float32) { Scale(dst, 0.3, x) }},
	} {
		add(f.name, func(room func(n int) []float32, rows, cols int) [][]float32 {
			dst, x := room(cols), room(cols)
			f.f(dst, x)
			return [][]float32{dst}
		})
	}
	for _, f := range []struct {
		name string
		f    func(dst, x, y []float32)
	}{{"TanhGrad", TanhGrad}, {"SigmoidGrad", SigmoidGrad}, {"SiLUGrad", SiLUGrad}, {"GELUGrad", GELUGrad}, {"ReLUGrad", ReLUGrad},
		{"Add", Add}, {"Mul", Mul}, {"MulAdd", MulAdd}, {"Larger", Larger},
	} {
		add(f.name, func(room func(n int) []float32, rows, cols int) [][]float32 {
			dst, x, y := room(cols), room(cols), room(cols)
			f.f(dst, x, y)
			return [][]float32{dst}
		})
	}
	add("AddEqual", func(room func(n int) []float32, rows, cols int) [][]float32 {
		dst, s, x, y := room(cols), room(cols), room(cols), room(cols)
		copy(y[:cols/2], x)
		AddEqual(dst, s, x, y)
		return [][]float32{dst}
	})
	add("sums", func(room func(n int) []float32, rows, cols int) [][]float32 {
		x, y := room(cols), room(cols)
		return [][]float32{{Sum(x), float32(SumSquares(x)), Dot(x, y)}}
	})
	add("Adam", func(room func(n int) []float32, rows, cols int) [][]float32 {
		p, g, m, v := room(cols), room(cols), room(cols), room(cols)
		Mul(v, v, v)
		Adam(p, g, m, v, 0.01, 0.9, 0.999, 1e-8, 0.1, 0.2, 0.03)
		return [][]float32{p, m, v}
	})
	add("AddBias", func(room func(n int) []float32, rows, cols int) [][]float32 {
		y, bias := room(rows*cols), room(cols)
		AddBias(y, rows, cols, bias)
		return [][]float32{y}
	})
	add("BiasReLU", func(room func(n int) []float32, rows, cols int) [][]float32 {
		y, bias := room(rows*cols), room(cols)
		BiasReLU(y, rows, cols, bias)
		return [][]float32{y}
	})
	add("ColSum", func(room func(n int) []float32, rows, cols int) [][]float32 {
		x, dst := room(rows*cols), room(cols)
		ColSum(dst, x, rows, cols)
		return [][]float32{dst}
	})
	strided := func(rows, cols, stride int) int {
		if rows == 0 || cols == 0 {
			return 0
		}
		return (rows-1)*stride + cols
	}
	add("ScaleRows", func(room func(n int) []float32, rows, cols int) [][]float32 {
		x, by := room(strided(rows, cols, cols+3)), room(rows)
		ScaleRows(x, rows, cols, cols+3, by)
		return [][]float32{x}
	})
	add("RowDots", func(room func(n int) []float32, rows, cols int) [][]float32 {
		dst, x, y := room(rows), room(strided(rows, cols, cols+1)), room(strided(rows, cols, cols+5))
		RowDots(dst, x, y, rows, cols, cols+1, cols+5)
		return [][]float32{dst}
	})
	add("SoftmaxRows", func(room func(n int) []float32, rows, cols int) [][]float32 {
		s, top, sum, fix := room(strided(rows, cols, cols+1)), room(rows), room(rows), room(rows)
		Scale(s, 20, s)
		SoftmaxRows(s, rows, cols, cols+1, 0.3, top, sum, fix)
		return [][]float32{s, top, sum, fix}
	})
	add("ProbRows", func(room func(n int) []float32, rows, cols int) [][]float32 {
		s, lse := room(strided(rows, cols, cols+1)), room(rows)
		ProbRows(s, rows, cols, cols+1, 0.3, lse)
		return [][]float32{s}
	})
	add("SoftmaxGradRows", func(room func(n int) []float32, rows, cols int) [][]float32 {
		dp, p, delta := room(strided(rows, cols, cols+2)), room(strided(rows, cols, cols+2)), room(rows)
		SoftmaxGradRows(dp, p, rows, cols, cols+2, 0.3, delta)
		return [][]float32{dp}
	})
	add("LayerNorm", func(room func(n int) []float32, rows, cols int) [][]float32 {
		y, x, gain, bias, mean, rstd := room(rows*cols), room(rows*cols), room(cols), room(cols), room(rows), room(rows)
		LayerNorm(y, x, gain, bias, rows, cols, 1e-5, mean, rstd)
		return [][]float32{y, mean, rstd}
	})
	add("LayerNormGrad", func(room func(n int) []float32, rows, cols int) [][]float32 {
		dx, dgain, dbias := room(rows*cols), room(cols), room(cols)
		LayerNormGrad(dx, dgain, dbias, room(rows*cols), room(rows*cols), room(cols), room(rows), room(rows), rows, cols)
		return [][]float32{dx, dgain, dbias}
	})
	add("Within", func(room func(n int) []float32, rows, cols int) [][]float32 {
		d, at := room(cols+Slack), integers(room(cols+Slack))
		n := Within(at, d, room(cols), room(cols), room(cols), [3]float32{0.1, 0.2, 0.3}, 1)
		return [][]float32{d[:n], counts(at[:n])}
	})
	add("Nearer", func(room func(n int) []float32, rows, cols int) [][]float32 {
		var near [200]float64
		for i := range near {
			near[i] = 0.1
		}
		x := room(cols)
		far := Nearer(near[:cols], x, room(cols), room(cols), [3]float32{0.1, 0.2, 0.3})
		for i := range x {
			x[i] = float32(near[i])
		}
		return [][]float32{x, {float32(far)}}
	})
	add("DistanceScores", func(room func(n int) []float32, rows, cols int) [][]float32 {
		s := room(cols)
		DistanceScores(s, room(cols), room(cols), room(cols), room(cols), [3]float32{0.1, 0.2, 0.3}, -2)
		return [][]float32{s}
	})
	add("Ranks", func(room func(n int) []float32, rows, cols int) [][]float32 {
		r := integers(room(cols))
		Ranks(r, room(cols))
		return [][]float32{counts(r)}
	})
	for form := range 8 {
		ta, tb, accumulate := form&1 > 0, form&2 > 0, form&4 > 0
		for _, k := range []int{1, 4, 7, 35} {
			for _, swapped := range []bool{false, true} {
				add(fmt.Sprintf("Gemm %v %v %v k=%d swapped=%v", ta, tb, accumulate, k, swapped), func(room func(n int) []float32, rows, cols int) [][]float32 {
					m, n := rows, cols
					if swapped {
						m, n = cols, rows
					}
					lda, ldb, ldc := k+1, n+2, n+1
					a, b := strided(m, k, lda), strided(k, n, ldb)
					if ta {
						lda = m + 1
						a = strided(k, m, lda)
					}
					if tb {
						ldb = k + 2
						b = strided(n, k, ldb)
					}
					c := room(strided(m, n, ldc))
					Gemm(ta, tb, m, n, k, 0.3, room(a), lda, room(b), ldb, accumulate, c, ldc)
					return [][]float32{c}
				})
			}
		}
	}
	return list
}

// integers returns x as memory for numbers of another type.
func integers(x []float32) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// counts turns x back, in place.
func counts(x []int32) []float32 {
	f := unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
	for i, v := range x {
		f[i] = float32(v)
	}
	return f
}

// TestBits holds the instruction sets to the very same bits.
func TestBits(t *testing.T) {
	if best < 512 {
		t.Skip("this processor has not two of them")
	}
	for _, c := range calls() {
		for _, rows := range []int{1, 3, 18} {
			for _, cols := range []int{1, 7, 15, 16, 17, 31, 32, 40, 64, 100, 130} {
				var results [2][][]float32
				for i, bits := range []int{512, 256} {
					setLevel(t, bits)
					rng := rand.New(rand.NewPCG(uint64(rows), uint64(cols)))
					results[i] = c.run(func(n int) []float32 { return random(rng, n) }, rows, cols)
				}
				for i := range results[0] {
					same(t, results[0][i], results[1][i], "%s of %d x %d, output %d", c.name, rows, cols, i)
				}
			}
		}
	}
}

// TestNoAllocations holds the warmed-up functions to taking no memory.
func TestNoAllocations(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		pool := random(rand.New(rand.NewPCG(1, 1)), 1<<16)
		next := 0
		room := func(n int) []float32 {
			next += n
			return pool[next-n : next]
		}
		for _, c := range calls() {
			extra := testing.AllocsPerRun(20, func() {
				next = 0
				c.run(room, 40, 40)
			})
			if extra > 2 { // what the call itself returns
				t.Errorf("%s: %g allocations", c.name, extra)
			}
		}
	})
}
