//go:build !amd64 || noasm

package kernel

// Without assembly every function is the portable one.
const level = 0

func gemm(transA, transB bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, accumulate bool, c []float32, ldc int) {
	gemmPortable(transA, transB, m, n, k, alpha, a, lda, b, ldb, accumulate, c, ldc)
}

func add(dst, x, y []float32) {
	addPlain(dst, x, y)
}

func mul(dst, x, y []float32) {
	mulPlain(dst, x, y)
}

func mulAdd(dst, x, y []float32) {
	mulAddPlain(dst, x, y)
}

func axpy(dst []float32, a float32, x []float32) {
	axpyPlain(dst, a, x)
}

func scale(dst []float32, a float32, x []float32) {
	scalePlain(dst, a, x)
}

func larger(dst, x, y []float32) {
	largerPlain(dst, x, y)
}

func addEqual(dst, s, x, y []float32) {
	addEqualPlain(dst, s, x, y)
}

func sum(x []float32) float64 {
	return sumPlain(x)
}

func sumSquares(x []float32) float64 {
	return sumSquaresPlain(x)
}

func exp(dst, x []float32) {
	expPlain(dst, x)
}

func tanh(dst, x []float32) {
	tanhPlain(dst, x)
}

func sigmoid(dst, x []float32) {
	sigmoidPlain(dst, x)
}

func silu(dst, x []float32) {
	siluPlain(dst, x)
}

func gelu(dst, x []float32) {
	geluPlain(dst, x)
}

func relu(dst, x []float32) {
	reluPlain(dst, x)
}

func tanhGrad(dx, dy, y []float32) {
	tanhGradPlain(dx, dy, y)
}

func sigmoidGrad(dx, dy, y []float32) {
	sigmoidGradPlain(dx, dy, y)
}

func siluGrad(dx, dy, x []float32) {
	siluGradPlain(dx, dy, x)
}

func geluGrad(dx, dy, x []float32) {
	geluGradPlain(dx, dy, x)
}

func reluGrad(dx, dy, y []float32) {
	reluGradPlain(dx, dy, y)
}

func rowDots(dst, x, y []float32, rows, cols, strideX, strideY int) {
	rowDotsPlain(dst, x, y, rows, cols, strideX, strideY)
}

func rowMax(dst, x []float32, rows, cols, stride int) {
	rowMaxPlain(dst, x, rows, cols, stride)
}

func addBias(y, bias []float32, rows, cols int) {
	addBiasPlain(y, bias, rows, cols)
}

func biasReLU(y, bias []float32, rows, cols int) {
	biasReLUPlain(y, bias, rows, cols)
}

func scaleRows(x []float32, rows, cols, stride int, by []float32) {
	scaleRowsPlain(x, rows, cols, stride, by)
}

func colSum(dst, x []float32, rows, cols int) {
	colSumPlain(dst, x, rows, cols)
}

func softmaxMerge(fix, top, sum []float32, scale float32) {
	softmaxMergePlain(fix, top, sum, scale)
}

func expSumRows(s []float32, rows, cols, stride int, scale float32, shift, sum []float32) {
	expSumRowsPlain(s, rows, cols, stride, scale, shift, sum)
}

func expRows(s []float32, rows, cols, stride int, scale float32, shift []float32) {
	expRowsPlain(s, rows, cols, stride, scale, shift)
}

func softmaxGrad(dp, p []float32, rows, cols, stride int, scale float32, delta []float32) {
	softmaxGradPlain(dp, p, rows, cols, stride, scale, delta)
}

func layerNorm(y, x, gain, bias []float32, rows, cols int, eps float32, mean, rstd []float32) {
	layerNormPlain(y, x, gain, bias, rows, cols, eps, mean, rstd)
}

func layerNormGrad(dx, dgain, dbias, dy, x, gain, mean, rstd []float32, rows, cols int) {
	layerNormGradPlain(dx, dgain, dbias, dy, x, gain, mean, rstd, rows, cols)
}

func adam(w, grad, m, v []float32, numbers *[8]float32) {
	adamPlain(w, grad, m, v, numbers)
}

func within(at []int32, d, x, y, z []float32, p [3]float32, limit float32) int {
	return withinPlain(at, d, x, y, z, p, limit)
}

func nearer(near []float64, x, y, z []float32, p [3]float32) int {
	return nearerPlain(near, x, y, z, p)
}

func ranks(r []int32, d []float32) {
	ranksPlain(r, d)
}

func distanceScores(s, base, x, y, z []float32, p [3]float32, scale float32) {
	distanceScoresPlain(s, base, x, y, z, p, scale)
}
