package kernel

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/gonum"
)

// counting is an implementation of a user's own.
type counting struct {
	gonum.Implementation
	calls *int
}

func (c counting) Sgemm(tA, tB blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, d []float32, ldd int) {
	*c.calls++
	c.Implementation.Sgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, d, ldd)
}

func TestPortableProductUsesTheImplementationInUse(t *testing.T) {
	setLevel(t, 0)
	old := blas32.Implementation()
	t.Cleanup(func() { blas32.Use(old) })
	calls := 0
	blas32.Use(counting{calls: &calls})
	rng := rand.New(rand.NewPCG(1, 1))
	for variant := range 8 {
		p := newProblem(rng, variant&1 > 0, variant&2 > 0, 70, 80, 90, 1, variant&4 > 0)
		p.check(t, p.result())
	}
	assert.Equal(t, 8, calls)
}

// The comment of gemmPlain says in which order it adds up, to the bit.
func TestPlainProductAddsInOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for variant := range 8 {
		for _, size := range [][3]int{{1, 1, 1}, {1, 130, 65}, {2, 3, 70}, {5, 7, 1}, {7, 129, 64}, {66, 135, 131}} {
			p := newProblem(rng, variant&1 > 0, variant&2 > 0, size[0], size[1], size[2], variant%3, variant&4 > 0)
			p.alpha = 1.7
			got := append([]float32(nil), p.c...)
			gemmPlain(p.ta, p.tb, p.m, p.n, p.k, p.alpha, p.a, p.lda, p.b, p.ldb, p.accumulate, got, p.ldc)
			for i := range p.m {
				for j := range p.n {
					var sum float32
					if p.accumulate {
						sum = p.c[i*p.ldc+j]
					}
					for q := range p.k {
						sum += float32(float32(p.alpha*p.left(i, q)) * p.right(q, j))
					}
					require.Equal(t, sum, got[i*p.ldc+j], "%v: row %d, column %d", p, i, j)
				}
			}
		}
	}
}
