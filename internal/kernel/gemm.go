package kernel

import (
	"fmt"
	"math/bits"
)

// Gemm computes C = alpha * op(A) * op(B), or adds it to C when accumulate is set. op(A) is m x k: A itself, or the
// transpose of a stored k x m matrix when transA is set. op(B) is k x n, or stored as n x k when transB is set. C is m x n
// and overlaps neither A nor B. With k of zero the product is zero. It takes 2*m*n*k operations.
func Gemm(transA, transB bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, accumulate bool, c []float32, ldc int) {
	if m < 0 || n < 0 || k < 0 {
		panic(fmt.Sprintf("kernel: product of %d x %d by %d x %d", m, k, k, n))
	}
	if m == 0 || n == 0 {
		return
	}
	extent("C", len(c), m, n, ldc)
	if k == 0 {
		if !accumulate {
			for i := range m {
				clear(c[i*ldc : i*ldc+n])
			}
		}
		return
	}
	if transA {
		extent("A", len(a), k, m, lda)
	} else {
		extent("A", len(a), m, k, lda)
	}
	if transB {
		extent("B", len(b), n, k, ldb)
	} else {
		extent("B", len(b), k, n, ldb)
	}
	gemm(transA, transB, m, n, k, alpha, a, lda, b, ldb, accumulate, c, ldc)
}

// extent panics unless a matrix of rows x cols lies within length elements. It returns the stride, 0 for no columns.
func extent(name string, length, rows, cols, stride int) int {
	if rows < 0 || cols < 0 {
		panic(fmt.Sprintf("kernel: matrix %s of %d x %d", name, rows, cols))
	}
	if cols == 0 {
		return 0
	}
	if rows == 0 {
		return stride
	}
	// A division would take as long as a small product.
	if high, low := bits.Mul64(uint64(rows-1), uint64(stride)); stride < cols || length < cols || high > 0 || low > uint64(length-cols) {
		panic(fmt.Sprintf("kernel: matrix %s of %d x %d with stride %d does not fit %d elements", name, rows, cols, stride, length))
	}
	return stride
}

// head returns the first n elements of x, which must be there.
func head(x []float32, n int) []float32 {
	if n > len(x) {
		panic(fmt.Sprintf("kernel: slice of %d elements, want %d", len(x), n))
	}
	return x[:n]
}
