package process

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"setwise/set"
)

const noise = 0.02 // deviation of what is seen of a function from the function

// A curve is a function of which some points are known, in noise, and others
// are to be told: elements of both sets are x and y.
type curve struct {
	context, target set.Batch
	kernel          covariance
}

// covariance says how the values of a function go together, as those of a Gaussian
// process do that is smooth: scale² exp(-(x - x')² / (2 length²)).
type covariance struct{ length, scale float64 }

func (k covariance) at(x, y float64) float64 {
	return k.scale * k.scale * math.Exp(-sq((x-y)/k.length)/2)
}

// gram returns the covariances of the values at xs, in independent noise.
func (k covariance) gram(xs []float64, noise float64) *mat.SymDense {
	g := mat.NewSymDense(len(xs), nil)
	for i, x := range xs {
		for j, y := range xs[:i+1] {
			g.SetSym(i, j, k.at(x, y))
		}
		g.SetSym(i, i, k.at(x, x)+noise*noise)
	}
	return g
}

// draw returns values at xs of a function drawn from the process: L z, where
// L Lᵀ is the covariance and z is of independent standard normal numbers.
func (k covariance) draw(xs []float64, noise float64, rng *rand.Rand) []float64 {
	var chol mat.Cholesky
	if !chol.Factorize(k.gram(xs, noise)) {
		panic("kernel: want noise enough for a positive definite matrix")
	}
	z := mat.NewVecDense(len(xs), nil)
	for i := range xs {
		z.SetVec(i, rng.NormFloat64())
	}
	var l mat.TriDense
	chol.LTo(&l)
	z.MulVec(&l, z)
	return z.RawVector().Data
}

// posterior returns the means and deviations, noise included, of values at xs,
// given points.
func (k covariance) posterior(points set.Batch, xs []float64) (means, deviations []float64) {
	known, y := make([]float64, points.Len()), mat.NewVecDense(points.Len(), nil)
	for i := range known {
		known[i] = float64(points.Row(i)[0])
		y.SetVec(i, float64(points.Row(i)[1]))
	}
	var chol mat.Cholesky
	chol.Factorize(k.gram(known, noise)) // positive definite by the noise
	var w, u mat.VecDense
	_ = chol.SolveVecTo(&w, y) // an error only says that digits are lost
	c := mat.NewVecDense(len(known), nil)
	for _, x := range xs {
		for i, at := range known {
			c.SetVec(i, k.at(x, at))
		}
		_ = chol.SolveVecTo(&u, c)
		means = append(means, mat.Dot(c, &w))
		deviations = append(deviations, math.Sqrt(k.at(x, x)+noise*noise-mat.Dot(c, &u)))
	}
	return means, deviations
}

// newCurve draws a curve as Nguyen and Grover (2022) do: length from 0.1 to
// 0.6, scale from 0.1 to 1, x from -2 to 2, 3 to 46 points that are known and
// 3 or more that are not, 49 at most in all.
func newCurve(rng *rand.Rand) curve {
	k := covariance{0.1 + 0.5*rng.Float64(), 0.1 + 0.9*rng.Float64()}
	context := 3 + rng.IntN(44)
	target := 3 + rng.IntN(47-context)
	xs := make([]float64, context+target)
	for i := range xs {
		xs[i] = 4*rng.Float64() - 2
	}
	ys := k.draw(xs, noise, rng)
	return curve{points(xs[:context], ys), points(xs[context:], ys[context:]), k}
}

// points returns the set of the points of xs with their ys.
func points(xs, ys []float64) set.Batch {
	b := set.New(2, len(xs))
	for i, x := range xs {
		b.Row(i)[0], b.Row(i)[1] = float32(x), float32(ys[i])
	}
	return b
}

// density is the mean over numbers of the log of their densities under
// Gaussians.
func density(ys, means, deviations []float64) float64 {
	var sum float64
	for i, y := range ys {
		sum -= math.Log(2*math.Pi)/2 + math.Log(deviations[i]) + sq((y-means[i])/deviations[i])/2
	}
	return sum / float64(len(ys))
}

// likelihoodOfTruth returns the mean log density of the targets of a curve
// for one who knows the process: no model can have more on average.
func (c curve) likelihoodOfTruth() float64 {
	xs, ys := columnsOf(c.target)
	means, deviations := c.kernel.posterior(c.context, xs)
	return density(ys, means, deviations)
}

// columnsOf returns the xs and the ys of points.
func columnsOf(b set.Batch) (xs, ys []float64) {
	for p := range slices.Chunk(b.Values, 2) {
		xs, ys = append(xs, float64(p[0])), append(ys, float64(p[1]))
	}
	return xs, ys
}

func sq(x float64) float64 { return x * x }
