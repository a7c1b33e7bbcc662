package kernel

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
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
