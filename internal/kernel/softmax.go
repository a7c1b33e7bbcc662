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
	extent("s", len(s), rows, cols, stride)
	top, sum, fix = top[:rows], sum[:rows], fix[:rows]
	for r := range top {
		row := s[r*stride : r*stride+cols]
		t := max(top[r], scale*Max(row))
		shift := finite(t)
		fix[r] = exp32(top[r] - shift)
		var total float32
		for j, v := range row {
			e := exp32(float32(scale*v) - shift)
			row[j] = e
			total += e
		}
		sum[r] = float32(sum[r]*fix[r]) + total
		top[r] = t
	}
}

// finite replaces the -Inf of a row without scores by 0, so that -Inf less it stays -Inf.
func finite(t float32) float32 {
	if t < -math.MaxFloat32 {
		return 0
	}
	return t
}

// ProbRows turns scores into the probabilities of a finished softmax: s = exp(scale*s - lse[r]), where lse[r] is
// top + log(sum) of SoftmaxRows, or -Inf for a row without scores.
func ProbRows(s []float32, rows, cols, stride int, scale float32, lse []float32) {
	extent("s", len(s), rows, cols, stride)
	lse = lse[:rows]
	for r := range lse {
		row := s[r*stride : r*stride+cols]
		shift := finite(lse[r])
		for j, v := range row {
			row[j] = exp32(float32(scale*v) - shift)
		}
	}
}

// SoftmaxGradRows turns the gradients dp of the probabilities p into those of the unscaled scores, in place:
// dp = scale * p * (dp - delta[r]), where delta[r] is the dot product of the row's output and its gradient. dp and p have
// the same stride.
func SoftmaxGradRows(dp, p []float32, rows, cols, stride int, scale float32, delta []float32) {
	extent("dp", len(dp), rows, cols, stride)
	extent("p", len(p), rows, cols, stride)
	delta = delta[:rows]
	for r, d := range delta {
		prow := p[r*stride : r*stride+cols]
		row := dp[r*stride : r*stride+cols]
		for j, v := range prow {
			row[j] = scale * v * (row[j] - d)
		}
	}
}
