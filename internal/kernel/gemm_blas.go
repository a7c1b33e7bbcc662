package kernel

import (
	"sync"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/gonum"
)

// Blocks of the portable product: small enough for the first caches, and below the size at which gonum's product starts
// goroutines of its own.
const (
	blockRows = 64
	blockCols = 128
	blockDeep = 64
)

// turned lends room for transposed blocks.
var turned = sync.Pool{New: func() any { return new([blockDeep * blockCols]float32) }}

// gemmBLAS is Gemm through blas32 for sizes that are not zero.
//
// gonum adds up the product of two plain matrices one k after the other for every element, and so in the same order in any
// batch, but takes dot products in an order that follows the addresses when B is transposed. So blocks of a transposed B
// are turned first. Other implementations, given to blas32.Use, get the whole product in one call.
func gemmBLAS(transA, transB bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, accumulate bool, c []float32, ldc int) {
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
	blas32Gemm := blas32.Implementation().Sgemm
	if _, own := blas32.Implementation().(gonum.Implementation); !own {
		blas32Gemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	buffer := turned.Get().(*[blockDeep * blockCols]float32)
	for p := 0; p < k; p += blockDeep {
		deep := min(k-p, blockDeep)
		for j := 0; j < n; j += blockCols {
			cols := min(n-j, blockCols)
			block, stride := buffer[:], blockCols
			if transB {
				for q := range cols {
					for r, v := range b[(j+q)*ldb+p : (j+q)*ldb+p+deep] {
						block[r*blockCols+q] = v
					}
				}
			} else {
				block, stride = b[p*ldb+j:], ldb
			}
			for i := 0; i < m; i += blockRows {
				rows := min(m-i, blockRows)
				left := i*lda + p
				if transA {
					left = p*lda + i
				}
				blas32Gemm(ta, blas.NoTrans, rows, cols, deep, alpha, a[left:], lda, block, stride, beta, c[i*ldc+j:], ldc)
			}
		}
		beta = 1
	}
	turned.Put(buffer)
}
