package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// shapes are products as the layers need them, "m x n x k", with N or T for operands plain or transposed.
var shapes = []struct {
	form    string
	m, n, k int
}{
	{"NN", 1024, 128, 128}, {"NN", 2048, 256, 256}, {"NN", 1024, 1024, 64}, {"NN", 1024, 64, 1024}, {"NN", 512, 512, 512},
	{"NN", 32, 128, 1024}, {"NT", 1024, 128, 128}, {"TN", 128, 128, 1024}, {"NN", 64, 64, 16}, {"NT", 32, 1024, 32},
	{"NN", 1024, 1024, 1024}, {"NN", 1024, 3, 128}, {"NN", 1024, 128, 3}, {"NT", 1024, 3, 128}, {"TN", 3, 128, 1024}, {"TN", 128, 3, 1024},
	{"NN", 1, 128, 128}, {"NN", 4, 128, 128}, {"NT", 1, 1024, 128}, {"NT", 4, 1024, 128}, {"NT", 1, 1024, 32}, {"NT", 16, 1024, 16},
	{"NN", 1, 32, 1024}, {"NN", 16, 32, 1024}, {"NN", 64, 16, 64}, {"NT", 64, 64, 16}, {"NT", 64, 64, 32}, {"NN", 64, 32, 64}, {"TN", 64, 32, 64},
}

func BenchmarkGemm(b *testing.B) {
	for _, s := range shapes {
		p := newProblem(rand.New(rand.NewPCG(1, 1)), s.form[0] == 'T', s.form[1] == 'T', s.m, s.n, s.k, 0, false)
		name := fmt.Sprintf("%s/%dx%dx%d", s.form, s.m, s.n, s.k)
		rate := func(b *testing.B) {
			b.ReportMetric(2*float64(s.m)*float64(s.n)*float64(s.k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		}
		for _, bits := range []int{512, 256, 0} {
			if bits > best {
				continue
			}
			b.Run(fmt.Sprintf("%s/%d", name, bits), func(b *testing.B) {
				setLevel(b, bits)
				for b.Loop() {
					p.run(p.c)
				}
				rate(b)
			})
		}
		b.Run(name+"/gonum", func(b *testing.B) {
			ta, tb := blas.NoTrans, blas.NoTrans
			if p.ta {
				ta = blas.Trans
			}
			if p.tb {
				tb = blas.Trans
			}
			for b.Loop() {
				gonum.Implementation{}.Sgemm(ta, tb, p.m, p.n, p.k, 1, p.a, p.lda, p.b, p.ldb, 0, p.c, p.ldc)
			}
			rate(b)
		})
	}
}
