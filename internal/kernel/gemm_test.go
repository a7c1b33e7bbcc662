package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// problem is one product with its operands.
type problem struct {
	ta, tb        bool
	m, n, k       int
	alpha         float32
	a, b, c       []float32
	lda, ldb, ldc int
	accumulate    bool
}

func random(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = rng.Float32()*2 - 1
	}
	return x
}

// newProblem draws operands, with rows gap elements further apart than need be.
func newProblem(rng *rand.Rand, ta, tb bool, m, n, k, gap int, accumulate bool) *problem {
	p := &problem{ta: ta, tb: tb, m: m, n: n, k: k, alpha: 1, lda: k, ldb: n, ldc: max(n, 1) + gap, accumulate: accumulate}
	rowsA, rowsB := m, k
	if ta {
		p.lda, rowsA = m, k
	}
	if tb {
		p.ldb, rowsB = k, n
	}
	size := func(rows, cols, stride int) int {
		if rows == 0 || cols == 0 {
			return 0
		}
		return (rows-1)*stride + cols
	}
	colsA, colsB := p.lda, p.ldb
	p.lda, p.ldb = max(1, p.lda+gap), max(1, p.ldb+gap)
	p.a = random(rng, size(rowsA, colsA, p.lda))
	p.b = random(rng, size(rowsB, colsB, p.ldb))
	p.c = random(rng, size(m, n, p.ldc))
	return p
}

func (p *problem) String() string {
	return fmt.Sprintf("%d x %d x %d, transposed %v %v, strides %d %d %d, alpha %g, accumulate %v",
		p.m, p.n, p.k, p.ta, p.tb, p.lda, p.ldb, p.ldc, p.alpha, p.accumulate)
}

func (p *problem) run(c []float32) {
	Gemm(p.ta, p.tb, p.m, p.n, p.k, p.alpha, p.a, p.lda, p.b, p.ldb, p.accumulate, c, p.ldc)
}

// at are the elements of op(A) and op(B).
func (p *problem) left(i, q int) float32 {
	if p.ta {
		return p.a[q*p.lda+i]
	}
	return p.a[i*p.lda+q]
}

func (p *problem) right(q, j int) float32 {
	if p.tb {
		return p.b[j*p.ldb+q]
	}
	return p.b[q*p.ldb+j]
}

// check holds the result got in place of c to sums in float64, and what lies between its rows to what was there.
func (p *problem) check(t *testing.T, got []float32) {
	t.Helper()
	for i := range p.m {
		for j := range p.n {
			var sum, size float64
			for q := range p.k {
				v := float64(p.left(i, q)) * float64(p.right(q, j))
				sum += v
				size += math.Abs(v)
			}
			sum, size = sum*float64(p.alpha), size*math.Abs(float64(p.alpha))
			if p.accumulate {
				old := float64(p.c[i*p.ldc+j])
				sum, size = sum+old, size+math.Abs(old)
			}
			bound := 1e-6 * (size + 1e-30) * math.Sqrt(float64(p.k)+1)
			if d := math.Abs(float64(got[i*p.ldc+j]) - sum); !(d <= bound) {
				t.Fatalf("%v: element (%d, %d) is %g, want %g within %g", p, i, j, got[i*p.ldc+j], sum, bound)
			}
		}
		if i+1 < p.m && p.n > 0 {
			for j := p.n; j < p.ldc; j++ {
				require.Equal(t, p.c[i*p.ldc+j], got[i*p.ldc+j], "%v: written between rows %d and %d", p, i, i+1)
			}
		}
	}
}

func (p *problem) result() []float32 {
	c := append([]float32(nil), p.c...)
	p.run(c)
	return c
}

func TestGemm(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		for m := 0; m < 35; m += pace(5) {
			for n := 0; n < 35; n += pace(3) {
				for variant := range 8 {
					p := newProblem(rng, variant&1 > 0, variant&2 > 0, m, n, rng.IntN(20), rng.IntN(3), variant&4 > 0)
					p.alpha = []float32{1, -0.5}[rng.IntN(2)]
					p.check(t, p.result())
				}
			}
		}
		for range 1500 / pace(20) {
			edge := func() int {
				switch rng.IntN(3) {
				case 0:
					return rng.IntN(9)
				case 1:
					return []int{15, 16, 17, 31, 32, 33, 63, 64, 65, 96, 127, 128, 129}[rng.IntN(13)]
				}
				return rng.IntN(131)
			}
			p := newProblem(rng, rng.IntN(2) > 0, rng.IntN(2) > 0, edge(), edge(), edge(), rng.IntN(4), rng.IntN(2) > 0)
			p.alpha = rng.Float32()
			p.check(t, p.result())
		}
	})
}

// TestGemmLarge crosses the bounds of stripes, slabs and depths, and the strides that are copied.
func TestGemmLarge(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 4))
		for _, s := range [][4]int{
			{2, 33, 1100, 0}, {3, 600, 515, 1}, {400, 3, 1025, 0}, {300, 1, 600, 0}, {520, 7, 513, 2}, {40, 530, 33, 700}, {400, 40, 20, 0},
			{24, 130, 512, 0}, {24, 130, 500, 12}, {70, 140, 1024, 0}, {5, 70, 1024, 0}, {1, 100, 512, 0}, {512, 70, 30, 0}, {13, 100, 2, 510},
		} {
			for variant := 0; variant < 8; variant += pace(5) {
				p := newProblem(rng, variant&1 > 0, variant&2 > 0, s[0], s[1], s[2], s[3], variant&4 > 0)
				p.alpha = 0.5
				p.check(t, p.result())
			}
		}
	})
}

// TestGemmBits holds rows to the very same bits alone, in any split and by any instruction set.
func TestGemmBits(t *testing.T) {
	var want [][]float32
	forLevels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(5, 6))
		var results [][]float32
		for round := range 300 / pace(10) {
			m, n, k := 1+rng.IntN(90), 1+rng.IntN(150), 1+rng.IntN(150)
			if round%10 == 0 {
				k += 1000
			}
			if round%7 == 0 {
				n = 1 + rng.IntN(9)
			}
			p := newProblem(rng, round&1 > 0, round&2 > 0, m, n, k, rng.IntN(2), round&4 > 0)
			p.alpha = 0.3
			all := p.result()
			results = append(results, all)
			parts := append([]float32(nil), p.c...)
			for i := 0; i < m; {
				rows := min(m-i, 1+rng.IntN(1+rng.IntN(40)))
				q := *p
				q.m = rows
				if p.ta {
					q.a = p.a[i:]
				} else {
					q.a = p.a[i*p.lda:]
				}
				q.run(parts[i*p.ldc:])
				i += rows
			}
			same(t, all, parts, "%v: rows", p)
			parts = append(parts[:0], p.c...)
			for j := 0; j < n; {
				cols := min(n-j, 1+rng.IntN(1+rng.IntN(60)))
				q := *p
				q.n = cols
				if p.tb {
					q.b = p.b[j*p.ldb:]
				} else {
					q.b = p.b[j:]
				}
				q.run(parts[j:])
				j += cols
			}
			same(t, all, parts, "%v: columns", p)
		}
		if level != 0 {
			if want == nil {
				want = results
			}
			for i := range results {
				same(t, want[i], results[i], "instruction sets differ")
			}
		}
	})
}

// same holds two slices to the same bits.
func same(t *testing.T, want, got []float32, what string, args ...any) {
	t.Helper()
	require.Len(t, got, len(want))
	for i := range want {
		if math.Float32bits(want[i]) != math.Float32bits(got[i]) && (want[i] == want[i] || got[i] == got[i]) {
			t.Fatalf("%s: element %d is %g, want %g", fmt.Sprintf(what, args...), i, got[i], want[i])
		}
	}
}

func TestGemmOverwritesNaN(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		nan := float32(math.NaN())
		for _, n := range []int{1, 3, 16, 20, 40} {
			rng := rand.New(rand.NewPCG(7, 8))
			p := newProblem(rng, false, false, 40, n, 10, 0, false)
			for i := range p.c {
				p.c[i] = nan
			}
			p.check(t, p.result())
			p.k = 0
			for _, v := range p.result() {
				require.Zero(t, v)
			}
			p.k = 10
			p.a[10*7+2] = nan
			for i, v := range p.result() {
				assert.Equal(t, i/n == 7, v != v, "element %d of %d columns: NaN stays in its row", i, n)
			}
		}
	})
}

func TestGemmPanics(t *testing.T) {
	x := make([]float32, 12)
	assert.Panics(t, func() { Gemm(false, false, 3, 4, 4, 1, x[:11], 4, x, 4, false, x, 4) }, "A is short")
	assert.Panics(t, func() { Gemm(false, true, 3, 4, 4, 1, x, 4, x, 4, false, x, 4) }, "B is short")
	assert.Panics(t, func() { Gemm(false, false, 3, 4, 3, 1, x, 3, x, 4, false, x[:11], 4) }, "C is short")
	assert.Panics(t, func() { Gemm(false, false, 3, 4, 3, 1, x, 2, x, 4, false, x, 4) }, "stride of A")
	assert.Panics(t, func() { Gemm(false, false, -1, 4, 3, 1, x, 2, x, 4, false, x, 4) }, "negative size")
	assert.NotPanics(t, func() { Gemm(false, false, 0, 4, 3, 1, nil, 3, x, 4, false, nil, 4) })
	assert.NotPanics(t, func() { Gemm(false, false, 3, 4, 0, 1, nil, 0, nil, 0, false, x, 4) })
}

func TestGemmAllocations(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(9, 10))
		p := newProblem(rng, false, true, 100, 70, 64, 0, false)
		assert.Zero(t, testing.AllocsPerRun(100, func() { p.run(p.c) }))
	})
}
