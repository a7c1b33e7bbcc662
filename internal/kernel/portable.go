//go:build !amd64 || noasm

package kernel

func gemm(transA, transB bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, accumulate bool, c []float32, ldc int) {
	gemmBLAS(transA, transB, m, n, k, alpha, a, lda, b, ldb, accumulate, c, ldc)
}
