package loss

import (
	"math"

	"setwise/internal/elementary"
	"setwise/internal/kernel"
	"setwise/set"
	"setwise/set/grad"
)

// A mixture of Gaussians is a set of components: elements of width 1 + 2D for
// data of width D. They hold the logit of π, which a softmax over the components
// turns into a probability, D numbers μ, and D numbers s with σ = log(1 + e^s),
// but at least 1e-4 (Lee et al. 2019, section 5.3).

const (
	leastDeviation = 1e-4  // smallest standard deviation of a component
	leak           = 1e-10 // what the likelihood adds to every probability
	leastElements  = 1e-6  // what a component must answer for to be moved by EMStep
)

// GaussianMixture returns the mean over sets of the mean over the elements of
// x of the negative log density under a mixture of Gaussians, one mixture a
// set:
//
//	-log Σ_j (π_j + 1e-10) N(x; μ_j, diag σ_j²)
//
// The components of a set are the elements of its set in mixture, of width 1 +
// 2D for data of width D: the logit of π, which a softmax over the components
// turns into a probability, D numbers μ, and D numbers s with σ = log(1 + e^s),
// but at least 1e-4 (Lee et al. 2019, section 5.3). Sets without elements add
// nothing. O(elements * components * D).
func GaussianMixture(t *grad.Tape, mixture grad.Value, x set.Batch) grad.Value {
	checkMixture("loss.GaussianMixture", mixture, x)
	var total float64
	dx := t.Floats(len(mixture.Values))
	clear(dx)
	for s := range x.Sets() {
		xs := x.Set(s)
		if len(xs) == 0 {
			continue
		}
		g := newGaussians(mixture.Set(s), x.Dim)
		share := 1 / float64(x.Offsets.Size(s)*x.Sets())
		for i := 0; i < len(xs); i += x.Dim {
			total -= float64(g.meet(xs[i:i+x.Dim]) * share)
			g.back(xs[i:i+x.Dim], nil, g.share, -share)
		}
		g.gradient(mixture.Part(dx, s))
	}
	return record(t, "GaussianMixture", total, mixture, dx)
}

// EMStep returns the mixtures, one a set as [GaussianMixture] has them,
// after a step of expectation maximisation on the elements of x:
//
//	r_ij = π_j N(x_i; μ_j, diag σ_j²) / Σ_k π_k N(x_i; μ_k, diag σ_k²)
//	π_j  = Σ_i r_ij / n
//	μ_j  = Σ_i r_ij x_i / Σ_i r_ij
//	σ_j² = Σ_i r_ij (x_i - μ_j)² / Σ_i r_ij,  but at least 1e-8
//
// and can be differentiated, so that a network may learn to be refined. A
// component that answers for less than 1e-6 elements keeps its μ and σ, and sets
// without elements keep their mixture. The π of the likelihood, within r, have
// the 1e-10 that it adds. O(elements * components * D).
func EMStep(t *grad.Tape, mixture, x grad.Value) grad.Value {
	checkMixture("loss.EMStep", mixture, x.Batch)
	y := t.Like(mixture.Batch, mixture.Dim)
	steps := make([]emStep, x.Sets())
	for s := range steps {
		copy(y.Set(s), mixture.Set(s))
		if len(x.Set(s)) > 0 {
			steps[s] = newEMStep(mixture.Set(s), x.Set(s), x.Dim)
			steps[s].write(y.Set(s))
		}
	}
	return t.Record(grad.Op{Name: "EMStep"}, y, func(dy []float32, din [][]float32) {
		for s := range steps {
			if len(x.Set(s)) > 0 {
				steps[s].gradient(mixture.Part(din[0], s), x.Part(din[1], s), mixture.Part(dy, s))
			} else if din[0] != nil {
				kernel.AddTo(mixture.Part(din[0], s), mixture.Part(dy, s))
			}
		}
	}, mixture, x)
}

func checkMixture(op string, mixture grad.Value, x set.Batch) {
	checkPairs(op, mixture, grad.Const(x))
	if mixture.Dim != 1+2*x.Dim {
		panic(set.Mismatch(op, "components of width %d, got %d", 1+2*x.Dim, mixture.Dim))
	}
	for s := range x.Sets() {
		if len(mixture.Set(s)) == 0 && len(x.Set(s)) > 0 {
			panic(set.Mismatch(op, "at least one component in set %d, got none", s))
		}
	}
}

// gaussians are the components of one mixture, and the slopes of something with
// respect to them.
type gaussians struct {
	raw           []float32
	dim           int
	prob          []float64 // π
	height        []float64 // log of π + leak and of the factor of the Gaussian
	mean, inverse []float64 // μ, 1/σ
	share         []float64 // of each component in the element that was met last

	dlog, dmean, dsigma []float64 // slopes of log π N, which gather in back
}

func newGaussians(raw []float32, dim int) *gaussians {
	k := len(raw) / (1 + 2*dim)
	work := make([]float64, 4*k+4*k*dim)
	next := func(n int) []float64 {
		s := work[:n:n]
		work = work[n:]
		return s
	}
	g := &gaussians{
		raw: raw, dim: dim, prob: next(k), height: next(k), share: next(k), dlog: next(k),
		mean: next(k * dim), inverse: next(k * dim), dmean: next(k * dim), dsigma: next(k * dim),
	}
	for j := range k {
		g.height[j] = float64(raw[j*(1+2*dim)])
	}
	lse := logSumExp(g.height)
	for j := range k {
		own := raw[j*(1+2*dim)+1 : (j+1)*(1+2*dim)]
		g.prob[j] = elementary.Exp(g.height[j] - lse)
		g.height[j] = elementary.Log(g.prob[j]+leak) - float64(float64(dim)/2*elementary.Log(2*math.Pi))
		for c := range dim {
			sigma := max(float64(elementary.Softplus(own[dim+c])), leastDeviation)
			g.mean[j*dim+c], g.inverse[j*dim+c] = float64(own[c]), 1/sigma
			g.height[j] -= elementary.Log(sigma)
		}
	}
	return g
}

// meet finds the share of each component in the density at x, and returns the
// log of that.
func (g *gaussians) meet(x []float32) float64 {
	top := math.Inf(-1)
	for j, h := range g.height {
		for c, a := range x {
			z := (float64(a) - g.mean[j*g.dim+c]) * g.inverse[j*g.dim+c]
			h -= float64(z * z / 2)
		}
		g.share[j] = h
		top = max(top, h)
	}
	var sum float64
	for j, h := range g.share {
		g.share[j] = elementary.Exp(h - top)
		sum += g.share[j]
	}
	for j := range g.share {
		g.share[j] /= sum
	}
	return top + elementary.Log(sum)
}

// back adds up slopes, given those of the log of π N at x for each component,
// times by. dx, if it is not nil, takes those with respect to x.
func (g *gaussians) back(x, dx []float32, slopes []float64, by float64) {
	for j, d := range slopes {
		d = float64(d * by)
		g.dlog[j] += d
		for c, a := range x {
			i := j*g.dim + c
			z := (float64(a) - g.mean[i]) * g.inverse[i]
			g.dmean[i] += float64(d * z * g.inverse[i])
			g.dsigma[i] += float64(d * (float64(z*z) - 1) * g.inverse[i])
			if dx != nil {
				dx[c] -= float32(d * z * g.inverse[i])
			}
		}
	}
}

// gradient adds the slopes with respect to the components as they are given to
// d.
func (g *gaussians) gradient(d []float32) {
	w := 1 + 2*g.dim
	var mean float64
	for j, p := range g.prob {
		mean += p * g.dlog[j] / (p + leak)
	}
	for j, p := range g.prob {
		d[j*w] += float32(p * (g.dlog[j]/(p+leak) - mean))
		for c := range g.dim {
			i, at := j*g.dim+c, j*w+1+g.dim+c
			d[j*w+1+c] += float32(g.dmean[i])
			if g.inverse[i] < 1/leastDeviation {
				d[at] += float32(g.dsigma[i] * float64(elementary.Sigmoid(g.raw[at])))
			}
		}
	}
}

// emStep is a step of expectation maximisation on one set.
type emStep struct {
	*gaussians
	xs       []float32
	shares   []float64 // of each component in each element
	elements []float64 // that each component answers for
	to, dev  []float64 // μ and σ after the step
}

func newEMStep(raw, xs []float32, dim int) emStep {
	g := newGaussians(raw, dim)
	k, n := len(g.prob), len(xs)/dim
	e := emStep{
		gaussians: g, xs: xs, shares: make([]float64, 0, n*k),
		elements: make([]float64, k), to: make([]float64, k*dim), dev: make([]float64, k*dim),
	}
	for i := range n {
		g.meet(e.x(i))
		e.shares = append(e.shares, g.share...)
		for j, r := range g.share {
			e.elements[j] += r
		}
	}
	e.each(func(i, at int, r, x float64) { e.to[at] += float64(r * x) })
	e.each(func(i, at int, r, x float64) { e.dev[at] += float64(r * (x - e.to[at]) * (x - e.to[at])) })
	for i, v := range e.dev {
		e.dev[i] = max(math.Sqrt(v), leastDeviation)
	}
	return e
}

func (e *emStep) x(i int) []float32 { return e.xs[i*e.dim : (i+1)*e.dim] }

// moved reports whether a component answers for enough to get another place.
func (e *emStep) moved(j int) bool { return e.elements[j] >= leastElements }

// each calls f for every element i, every component that moves and every
// column: with the place of the component's number, the part of the component
// that the element is, and the element's number.
func (e *emStep) each(f func(i, at int, r, x float64)) {
	k := len(e.prob)
	for i := range len(e.shares) / k {
		for j := range k {
			if !e.moved(j) {
				continue
			}
			for c, x := range e.x(i) {
				f(i, j*e.dim+c, e.shares[i*k+j]/e.elements[j], float64(x))
			}
		}
	}
}

// write writes the components after the step over those before it.
func (e *emStep) write(y []float32) {
	w, n := 1+2*e.dim, len(e.xs)/e.dim
	for j := range e.prob {
		y[j*w] = float32(elementary.Log(max(e.elements[j], math.SmallestNonzeroFloat32) / float64(n)))
		for c := range e.dim {
			if i := j*e.dim + c; e.moved(j) {
				y[j*w+1+c] = float32(e.to[i])
				y[j*w+1+e.dim+c] = float32(e.dev[i] + elementary.Log(-elementary.Expm1(-e.dev[i]))) // the inverse of softplus
			}
		}
	}
}

// gradient adds the slopes with respect to the components before the step to
// d, and those with respect to the elements to dx, where these are not nil,
// given those with respect to the components after it. With N_j the elements
// that j answers for and σ² not held up, and for each column,
//
//	∂logit_j/∂r_ij = 1/N_j
//	∂μ_j/∂r_ij     = (x_i - μ_j)/N_j
//	∂σ_j²/∂r_ij    = ((x_i - μ_j)² - σ_j²)/N_j
//	∂μ_j/∂x_i      = r_ij/N_j
//	∂σ_j²/∂x_i     = 2 r_ij (x_i - μ_j)/N_j
func (e *emStep) gradient(d, dx, dy []float32) {
	w, k := 1+2*e.dim, len(e.prob)
	clear(e.dlog)
	clear(e.dmean)
	clear(e.dsigma)
	slopes := make([]float64, len(e.shares)) // of r
	for i := range slopes {
		if n := e.elements[i%k]; n > math.SmallestNonzeroFloat32 {
			slopes[i] = float64(dy[i%k*w]) / n
		}
	}
	e.each(func(i, at int, r, x float64) {
		j, c := at/e.dim, at%e.dim
		away, sigma := x-e.to[at], e.dev[at]
		dmean, dsquare := float64(dy[j*w+1+c]), 0.0
		if sigma > leastDeviation {
			dsquare = float64(dy[j*w+1+e.dim+c]) / -elementary.Expm1(-sigma) / (2 * sigma)
		}
		slopes[i*k+j] += (float64(dmean*away) + float64(dsquare*(float64(away*away)-float64(sigma*sigma)))) / e.elements[j]
		if dx != nil {
			dx[i*e.dim+c] += float32(r * (dmean + float64(2*dsquare*away)))
		}
	})
	for i := range len(slopes) / k {
		r, slope := e.shares[i*k:(i+1)*k], slopes[i*k:(i+1)*k]
		var mean float64
		for j := range r {
			mean += float64(r[j] * slope[j])
		}
		for j := range r {
			slope[j] = r[j] * (slope[j] - mean)
		}
		e.back(e.x(i), row(dx, i, e.dim), slope, 1)
	}
	if d == nil {
		return
	}
	e.gaussians.gradient(d)
	for j := range k {
		if e.moved(j) {
			continue
		}
		for c := 1; c < w; c++ {
			d[j*w+c] += dy[j*w+c]
		}
	}
}

// row returns row i of xs, nil if that is nil.
func row(xs []float32, i, dim int) []float32 {
	if xs == nil {
		return nil
	}
	return xs[i*dim : (i+1)*dim]
}
