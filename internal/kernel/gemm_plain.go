package kernel

import "sync"

// Blocks of the plain product, small enough for the first caches: so many rows of op(B), and columns in panels of four.
const (
	blockDeep   = 64
	blockPanels = 32
)

// blocks lends room for a block of op(B), panel by panel, and for a row of op(A) times alpha.
var blocks = sync.Pool{New: func() any { return new(block) }}

type block struct {
	panels [blockPanels][blockDeep][4]float32
	left   [blockDeep]float32
}

// gemmPlain is Gemm for sizes that are not zero, in Go. Every element of C is
//
//	((c + alpha*a[0] * b[0]) + alpha*a[1] * b[1]) + ...
//
// with every product and every sum rounded, and c zero unless it accumulates: one order and one answer, in any batch and
// on any machine.
func gemmPlain(transA, transB bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, accumulate bool, c []float32, ldc int) {
	if !accumulate {
		for i := range m {
			clear(c[i*ldc : i*ldc+n])
		}
	}
	rowA, colA := lda, 1
	if transA {
		rowA, colA = 1, lda
	}
	room := blocks.Get().(*block)
	for p := 0; p < k; p += blockDeep {
		left := room.left[:min(k-p, blockDeep)]
		for j := 0; j < n; j += 4 * blockPanels {
			cols := min(n-j, 4*blockPanels)
			if transB {
				room.turn(b[j*ldb+p:], ldb, len(left), cols)
			} else {
				room.copy(b[p*ldb+j:], ldb, len(left), cols)
			}
			for i := range m {
				at := i*rowA + p*colA
				for q := range left {
					left[q] = float32(alpha * a[at])
					at += colA
				}
				row := c[i*ldc+j:][:cols]
				panel := 0
				for ; len(row) >= 4; row = row[4:] {
					addProduct((*[4]float32)(row), left, &room.panels[panel])
					panel++
				}
				if len(row) > 0 {
					var last [4]float32
					copy(last[:], row)
					addProduct(&last, left, &room.panels[panel])
					copy(row, last[:])
				}
			}
		}
	}
	blocks.Put(room)
}

// copy fills the panels with the head of a plain B. What is beyond the last column stays as it was.
func (room *block) copy(b []float32, ldb, deep, cols int) {
	for r := range deep {
		row := b[r*ldb:][:cols]
		panel := 0
		for ; len(row) >= 4; row = row[4:] {
			room.panels[panel][r] = [4]float32(row)
			panel++
		}
		if len(row) > 0 {
			copy(room.panels[panel][r][:], row)
		}
	}
}

// turn fills the panels with the head of a transposed B.
func (room *block) turn(b []float32, ldb, deep, cols int) {
	for q := range cols {
		panel := &room.panels[q/4]
		for r, v := range b[q*ldb:][:deep] {
			panel[r][q%4] = v
		}
	}
}

// addProduct adds the product of a row and four columns to sums. Four are as many as the compiler keeps in registers.
func addProduct(sums *[4]float32, left []float32, panel *[blockDeep][4]float32) {
	s0, s1, s2, s3 := sums[0], sums[1], sums[2], sums[3]
	right := panel[:len(left)]
	for q, x := range left {
		r := &right[q]
		s0 += float32(x * r[0])
		s1 += float32(x * r[1])
		s2 += float32(x * r[2])
		s3 += float32(x * r[3])
	}
	*sums = [4]float32{s0, s1, s2, s3}
}
