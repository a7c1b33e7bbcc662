package kernel

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPortableBits compares the portable path with what it gave when this was
// written, to the last bit: the results are those of every machine.
func TestPortableBits(t *testing.T) {
	setLevel(t, 0)
	const rows, cols, n = 13, 37, 13 * 37
	rng := rand.New(rand.NewPCG(5, 6))
	x := func(n int) []float32 { return random(rng, n) }
	large := func(n int) []float32 { // from -50 to 50
		v := x(n)
		Scale(v, 50, v)
		return v
	}
	scores := func(softmax func(s []float32, top, sum, fix []float32)) []float32 {
		s, top, sum, fix := large(n), x(rows), x(rows), x(rows)
		softmax(s, top, sum, fix)
		return append(append(append(s, top...), sum...), fix...)
	}
	one := func(f func(dst, x []float32)) []float32 {
		dst := x(n)
		f(dst, large(n))
		return dst
	}
	two := func(f func(dst, x, y []float32)) []float32 {
		dst := x(n)
		f(dst, large(n), large(n))
		return dst
	}
	var products []float32
	for variant := range 8 {
		p := newProblem(rng, variant&1 > 0, variant&2 > 0, 7, 130, 75, variant%2, variant&4 > 0)
		p.alpha = 0.3
		p.run(p.c)
		products = append(products, p.c...)
	}
	norms := func() []float32 {
		y, in, mean, rstd := x(n), x(n), x(rows), x(rows)
		dx, dgain, dbias, gain := x(n), x(cols), x(cols), x(cols)
		LayerNorm(y, in, gain, dbias, rows, cols, 1e-5, mean, rstd)
		LayerNormGrad(dx, dgain, dbias, y, in, gain, mean, rstd, rows, cols)
		all := append(append(y, mean...), rstd...)
		return append(append(append(all, dx...), dgain...), dbias...)
	}
	adam := func() []float32 {
		p, m, v := x(n), x(n), x(n)
		Mul(v, v, v)
		Adam(p, x(n), m, v, 1e-2, 0.9, 0.999, 1e-8, 0.3, 0.1, 0.05)
		return append(append(p, m...), v...)
	}
	sums := func() []float32 {
		dst := x(cols)
		ColSum(dst, x(n), rows, cols)
		dots := x(rows)
		RowDots(dots, x(n), x(n), rows, cols, cols, cols)
		return append(append(dst, dots...), Sum(x(n)), float32(SumSquares(x(n))), Dot(x(n), x(n)))
	}
	places := func() []float32 {
		px, py, pz := x(n), x(n), x(n)
		at, d, s := make([]int32, n+Slack), make([]float32, n+Slack), x(n)
		found := Within(at, d, px, py, pz, [3]float32{0.1, 0.2, 0.3}, 0.5)
		DistanceScores(s, s, px, py, pz, [3]float32{0.1, 0.2, 0.3}, 1.7)
		return append(s, d[:found]...)
	}
	got := map[string]string{}
	for _, c := range []struct {
		name string
		of   []float32
	}{
		{"Gemm", products},
		{"Exp", one(Exp)}, {"Tanh", one(Tanh)}, {"Sigmoid", one(Sigmoid)}, {"SiLU", one(SiLU)}, {"GELU", one(GELU)},
		{"TanhGrad", two(TanhGrad)}, {"SigmoidGrad", two(SigmoidGrad)}, {"SiLUGrad", two(SiLUGrad)}, {"GELUGrad", two(GELUGrad)},
		{"MulAdd", two(MulAdd)}, {"Axpy", one(func(dst, x []float32) { Axpy(dst, 0.7, x) })},
		{"SoftmaxRows", scores(func(s, top, sum, fix []float32) { SoftmaxRows(s, rows, cols, cols, 0.3, top, sum, fix) })},
		{"ProbRows", scores(func(s, top, _, _ []float32) { ProbRows(s, rows, cols, cols, 0.3, top) })},
		{"SoftmaxGradRows", two(func(dp, p, d []float32) { SoftmaxGradRows(dp, p, rows, cols, cols, 0.3, d[:rows]) })},
		{"LayerNorm", norms()}, {"Adam", adam()}, {"Sums", sums()}, {"Places", places()},
	} {
		h := fnv.New64a()
		require.NoError(t, binary.Write(h, binary.LittleEndian, c.of))
		got[c.name] = fmt.Sprintf("%016x", h.Sum64())
	}
	require.Equal(t, map[string]string{
		"Axpy":            "d3556c4b1a031410",
		"Exp":             "f23957a7048c11e9",
		"GELU":            "8bb7e8b448834dce",
		"GELUGrad":        "315b437d174d4972",
		"Gemm":            "11859dc6a3b19d4f",
		"LayerNorm":       "4998ee7565b03a84",
		"MulAdd":          "239d1a53d9874761",
		"Places":          "e7414c8af2740017",
		"ProbRows":        "2b3d79098fe013c7",
		"SiLU":            "30b101427548d3d4",
		"SiLUGrad":        "c28231c5db0696e5",
		"Sigmoid":         "421e5058966a1574",
		"SigmoidGrad":     "0ca038e6f85cd5e0",
		"SoftmaxGradRows": "8f3e1c71aad5f611",
		"SoftmaxRows":     "f3c635a72247375f",
		"Sums":            "7fda71dde848191b",
		"Tanh":            "0ca193afc84c248c",
		"TanhGrad":        "727990a2523c03dc",
		"Adam":            "4bd64b19c23378c0",
	}, got)
}
