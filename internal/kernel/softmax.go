package kernel

import "math"

// SoftmaxRows takes one step of an online softmax over the columns of scores (Milakov and Gimelshein 2018). The keys of a
// row come in tiles; top[r] holds the largest scaled score of row r so far and sum[r] the sum of exp(score - top) so far,
// before the first tile -Inf and 0. For each row
//
//	t      = max(top[r], scale*max(s))
//	fix[r] = exp(top[r] - t)             what earlier results of the row are to be multiplied by
//	s      = exp(scale*s - t)
//	sum[r] = sum[r]*fix[r] + the sum of s
//	top[r] = t
//
// scale is positive. Scores of -Inf take no part; a row of nothing else leaves zeros and a sum of zero. rows and cols may
// be zero. s must not overlap top, sum or fix.
func SoftmaxRows(s []float32, rows, cols, stride int, scale float32, top, sum, fix []float32) {
	stride = extent("s", len(s), rows, cols, stride)
	top, sum, fix = head(top, rows), head(sum, rows), head(fix, rows)
	rowMax(fix, s, rows, cols, stride)
	softmaxMerge(fix, top, sum, scale)
	expSumRows(s, rows, cols, stride, scale, top, sum)
}

// ProbRows turns scores into the probabilities of a finished softmax: s = exp(scale*s - lse[r]), where lse[r] is
// top + log(sum) of SoftmaxRows over the same scores, or -Inf for a row without scores.
func ProbRows(s []float32, rows, cols, stride int, scale float32, lse []float32) {
	stride = extent("s", len(s), rows, cols, stride)
	expRows(s, rows, cols, stride, scale, head(lse, rows))
}

// SoftmaxGradRows turns the gradients dp of the probabilities p into those of the unscaled scores, in place:
// dp = scale * p * (dp - delta[r]), where delta[r] is the dot product of the row's output and its gradient. dp and p have
// the same stride.
func SoftmaxGradRows(dp, p []float32, rows, cols, stride int, scale float32, delta []float32) {
	extent("dp", len(dp), rows, cols, stride)
	stride = extent("p", len(p), rows, cols, stride)
	softmaxGrad(dp, p, rows, cols, stride, scale, head(delta, rows))
}

// softmaxMergePlain brings the largest scores of this tile, in fix, together with those before.
func softmaxMergePlain(fix, top, sum []float32, scale float32) {
	for r, m := range fix {
		t := max(top[r], scale*m)
		fix[r] = exp32(top[r] - finite(t))
		sum[r] *= fix[r]
		top[r] = t
	}
}

func expSumRowsPlain(s []float32, rows, cols, stride int, scale float32, shift, sum []float32) {
	expRowsPlain(s, rows, cols, stride, scale, shift)
	for r := range sum {
		sum[r] += float32(sumPlain(s[r*stride : r*stride+cols]))
	}
}

// expRowsPlain rounds scale*s before the difference, so that the largest score gives exactly 1, however large it is.
func expRowsPlain(s []float32, rows, cols, stride int, scale float32, shift []float32) {
	for r, t := range shift {
		t = finite(t)
		row := s[r*stride : r*stride+cols]
		for j, v := range row {
			row[j] = exp32(float32(scale*v) - t)
		}
	}
}

// finite replaces the -Inf of a row without scores by 0, so that -Inf less it stays -Inf.
func finite(t float32) float32 {
	if t < -math.MaxFloat32 {
		return 0
	}
	return t
}

func softmaxGradPlain(dp, p []float32, rows, cols, stride int, scale float32, delta []float32) {
	for r, d := range delta {
		prow := p[r*stride : r*stride+cols]
		row := dp[r*stride : r*stride+cols]
		for j, v := range prow {
			row[j] = scale * v * (row[j] - d)
		}
	}
}
