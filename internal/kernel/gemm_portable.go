package kernel

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/gonum"
)

// gemmPortable is Gemm for sizes that are not zero: by the implementation that was given to blas32.Use, or else by
// gemmPlain. gonum's own is not used, as its sums differ from machine to machine.
func gemmPortable(transA, transB bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, accumulate bool, c []float32, ldc int) {
	given := blas32.Implementation()
	if _, own := given.(gonum.Implementation); own {
		gemmPlain(transA, transB, m, n, k, alpha, a, lda, b, ldb, accumulate, c, ldc)
		return
	}
	ta, tb := blas.NoTrans, blas.NoTrans
	if transA {
		ta = blas.Trans
	}
	if transB {
		tb = blas.Trans
	}
	var beta float32
	if accumulate {
		beta = 1
	}
	given.Sgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}
