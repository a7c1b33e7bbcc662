package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// forRows runs f over numbers of rows and columns and strides.
func forRows(t *testing.T, f func(t *testing.T, rng *rand.Rand, rows, cols, stride int)) {
	forLevels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(6, 6))
		for _, cols := range sizes() {
			for _, rows := range []int{0, 1, 2, 5, 17} {
				f(t, rng, rows, cols, cols+rng.IntN(4))
			}
		}
	})
}

func clone(x []float32) []float32 { return append([]float32(nil), x...) }

// untouched holds the gaps between rows to what was there.
func untouched(t *testing.T, before, after []float32, rows, cols, stride int) {
	t.Helper()
	for i := range after {
		if r := i / max(stride, 1); r < rows && i-r*stride < cols {
			continue
		}
		require.Equal(t, before[i], after[i], "element %d of %d rows of %d, stride %d", i, rows, cols, stride)
	}
}

func TestBias(t *testing.T) {
	forRows(t, func(t *testing.T, rng *rand.Rand, rows, cols, _ int) {
		y, bias := random(rng, rows*cols+3), random(rng, cols)
		a, b := clone(y), clone(y)
		AddBias(a, rows, cols, bias)
		BiasReLU(b, rows, cols, bias)
		for i := range rows * cols {
			v := y[i] + bias[i%cols]
			require.Equal(t, v, a[i])
			require.Equal(t, max(v, 0), b[i])
		}
		same(t, y[rows*cols:], a[rows*cols:], "beyond the end")
		same(t, y[rows*cols:], b[rows*cols:], "beyond the end")
	})
}

func TestColSum(t *testing.T) {
	forRows(t, func(t *testing.T, rng *rand.Rand, rows, cols, _ int) {
		x, dst := random(rng, rows*cols), random(rng, cols+1)
		got := clone(dst)
		ColSum(got, x, rows, cols)
		for j := range cols {
			var s float64
			for r := range rows {
				s += float64(x[r*cols+j])
			}
			near(t, s+float64(dst[j]), got[j], 1e-7, 2e-7, "column %d of %d", j, cols)
		}
		require.Equal(t, dst[cols], got[cols])
	})
}

func TestScaleRowsAndDots(t *testing.T) {
	forRows(t, func(t *testing.T, rng *rand.Rand, rows, cols, stride int) {
		x, y, by, dst := random(rng, rows*stride), random(rng, rows*(stride+1)), random(rng, rows), random(rng, rows+1)
		dots := clone(dst)
		RowDots(dots, x, y, rows, cols, max(stride, 1), stride+1)
		got := clone(x)
		ScaleRows(got, rows, cols, max(stride, 1), by)
		for r := range rows {
			var s float64
			for j := range cols {
				s += float64(x[r*stride+j]) * float64(y[r*(stride+1)+j])
				require.Equal(t, x[r*stride+j]*by[r], got[r*stride+j])
			}
			near(t, s, dots[r], 1e-6, 1e-6*float64(cols), "dot product")
		}
		require.Equal(t, dst[rows], dots[rows])
		untouched(t, x, got, rows, cols, stride)
	})
}

// softmaxTwin is what SoftmaxRows says, in float64 but for the rounding of scale*s, which the largest logits feel.
func softmaxTwin(s []float32, scale float32, top, sum float64) (p []float64, newTop, newSum, fix float64) {
	t := top
	for _, v := range s {
		t = math.Max(t, float64(scale*v))
	}
	shift := t
	if math.IsInf(t, -1) {
		shift = 0
	}
	fix = math.Exp(top - shift)
	newSum = sum * fix
	for _, v := range s {
		e := math.Exp(float64(float32(scale*v) - float32(shift)))
		p = append(p, e)
		newSum += e
	}
	return p, t, newSum, fix
}

func TestSoftmaxRows(t *testing.T) {
	forRows(t, func(t *testing.T, rng *rand.Rand, rows, cols, stride int) {
		s := random(rng, rows*stride)
		size := []float32{1, 10, 1e4, 1e30}[rng.IntN(4)]
		for i := range s {
			s[i] *= size
			if rng.IntN(6) == 0 {
				s[i] = -inf
			}
		}
		top, sum, fix := make([]float32, rows), make([]float32, rows), random(rng, rows+1)
		for r := range top {
			top[r] = -inf
			if rng.IntN(2) == 0 {
				top[r], sum[r] = size*(rng.Float32()-0.5), 1+rng.Float32()
			}
			if rng.IntN(4) == 0 {
				for j := range cols {
					s[r*stride+j] = -inf
				}
			}
		}
		const scale = 0.17
		got, gotTop, gotSum, gotFix := clone(s), clone(top), clone(sum), clone(fix)
		SoftmaxRows(got, rows, cols, max(stride, 1), scale, gotTop, gotSum, gotFix)
		for r := range rows {
			p, wantTop, wantSum, wantFix := softmaxTwin(s[r*stride:r*stride+cols], scale, float64(top[r]), float64(sum[r]))
			require.Equal(t, float32(wantTop), gotTop[r])
			near(t, wantSum, gotSum[r], 1e-6, 0, "sum")
			near(t, wantFix, gotFix[r], 4e-7, 0, "fix")
			for j, e := range p {
				near(t, e, got[r*stride+j], 4e-7, 0, "score %g of a row with %g on top", s[r*stride+j], wantTop)
			}
		}
		require.Equal(t, fix[rows], gotFix[rows])
		untouched(t, s, got, rows, cols, stride)

		lse := make([]float32, rows)
		for r := range lse {
			lse[r] = float32(float64(gotTop[r]) + math.Log(float64(gotSum[r])))
		}
		probs := clone(s)
		ProbRows(probs, rows, cols, max(stride, 1), scale, lse)
		for r := range rows {
			shift := lse[r]
			if shift == -inf {
				shift = 0
			}
			for j := range cols {
				near(t, math.Exp(float64(float32(scale*s[r*stride+j])-shift)), probs[r*stride+j], 4e-7, 0, "probability")
			}
		}
		untouched(t, s, probs, rows, cols, stride)
	})
}

func TestSoftmaxInTiles(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(7, 7))
		s := random(rng, 1000)
		for i := range s {
			s[i] *= 50
		}
		p, _, want, _ := softmaxTwin(s, 1, math.Inf(-1), 0)
		top, sum, fix, out := []float32{-inf}, []float32{0}, []float32{0}, 0.0
		var wantOut float64
		for i := range p {
			wantOut += p[i] * float64(i)
		}
		for i := 0; i < len(s); i += 77 {
			tile := clone(s[i:min(i+77, len(s))])
			SoftmaxRows(tile, 1, len(tile), len(tile), 1, top, sum, fix)
			out *= float64(fix[0])
			for j, v := range tile {
				out += float64(v) * float64(i+j)
			}
		}
		near(t, want, sum[0], 1e-6, 0, "sum")
		near(t, wantOut, float32(out), 1e-6, 0, "output")
	})
}

func TestSoftmaxOfNaN(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		s := []float32{1, notNum, 2}
		top, sum, fix := []float32{-inf}, []float32{0}, []float32{0}
		SoftmaxRows(s, 1, 3, 3, 1, top, sum, fix)
		assert.True(t, s[1] != s[1] && sum[0] != sum[0], "NaN shows")
	})
}

func TestSoftmaxGradRows(t *testing.T) {
	forRows(t, func(t *testing.T, rng *rand.Rand, rows, cols, stride int) {
		dp, p, delta := random(rng, rows*stride), random(rng, rows*stride), random(rng, rows)
		got := clone(dp)
		SoftmaxGradRows(got, p, rows, cols, max(stride, 1), 0.3, delta)
		for r := range rows {
			for i := r * stride; i < r*stride+cols; i++ {
				near(t, float64(float32(0.3))*float64(p[i])*(float64(dp[i])-float64(delta[r])), got[i], 4e-7, 1e-9, "gradient")
			}
		}
		untouched(t, dp, got, rows, cols, stride)
	})
}

func TestLayerNorm(t *testing.T) {
	forRows(t, func(t *testing.T, rng *rand.Rand, rows, cols, _ int) {
		const eps = 1e-5
		x, gain, bias := random(rng, rows*cols), random(rng, cols), random(rng, cols)
		for i := range x {
			x[i] = 3*x[i] + 1
		}
		y, mean, rstd := random(rng, rows*cols+2), random(rng, rows+1), random(rng, rows+1)
		before, lastMean, lastRstd := clone(y), mean[rows], rstd[rows]
		LayerNorm(y, x, gain, bias, rows, cols, eps, mean, rstd)
		if cols == 0 {
			return
		}
		same(t, before[rows*cols:], y[rows*cols:], "beyond the end")
		assert.Equal(t, lastMean, mean[rows])
		assert.Equal(t, lastRstd, rstd[rows])
		dy, dx, dgain, dbias := random(rng, rows*cols), random(rng, rows*cols), random(rng, cols), random(rng, cols)
		wantX, wantGain, wantBias := make([]float64, len(dx)), make([]float64, cols), make([]float64, cols)
		for j := range cols {
			wantGain[j], wantBias[j] = float64(dgain[j]), float64(dbias[j])
		}
		for r := range rows {
			row := x[r*cols : (r+1)*cols]
			var m, v float64
			for _, e := range row {
				m += float64(e) / float64(cols)
			}
			for _, e := range row {
				v += (float64(e) - m) * (float64(e) - m) / float64(cols)
			}
			s := 1 / math.Sqrt(v+eps)
			near(t, m, mean[r], 1e-6, 1e-6, "mean")
			near(t, s, rstd[r], 1e-5, 0, "rstd")
			if cols == 1 {
				s = float64(rstd[r])
			}
			var se, seh float64
			for j, e := range row {
				h := (float64(e) - m) * s
				near(t, h*float64(gain[j])+float64(bias[j]), y[r*cols+j], 2e-5, 2e-5, "y, %d columns", cols)
				d := float64(dy[r*cols+j])
				se += d * float64(gain[j]) / float64(cols)
				seh += d * float64(gain[j]) * h / float64(cols)
				wantBias[j] += d
				wantGain[j] += d * h
			}
			for j, e := range row {
				h := (float64(e) - m) * s
				i := r*cols + j
				wantX[i] = float64(dx[i]) + s*(float64(dy[i])*float64(gain[j])-se-h*seh)
			}
		}
		gain2, bias2 := clone(dgain), clone(dbias)
		LayerNormGrad(dx, dgain, dbias, dy, x, gain, mean, rstd, rows, cols)
		for i, v := range wantX {
			tolerance := 2e-5
			if cols < 4 {
				tolerance = 1e-2 // variances next to nothing
			}
			near(t, v, dx[i], tolerance, tolerance, "dx, %d columns", cols)
		}
		for j := range cols {
			near(t, wantGain[j], dgain[j], 1e-5, 1e-4, "dgain")
			near(t, wantBias[j], dbias[j], 1e-6, 2e-6, "dbias")
		}
		LayerNormGrad(nil, gain2, bias2, dy, x, gain, mean, rstd, rows, cols)
		same(t, dgain, gain2, "dgain without dx")
		same(t, dbias, bias2, "dbias without dx")
		LayerNorm(x, x, gain, bias, rows, cols, eps, mean, rstd)
		same(t, y[:rows*cols], x, "in place")
	})
}
