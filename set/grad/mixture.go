package grad

import (
	"math"

	"setwise/set"
)

// leastDeviation is the smallest standard deviation of a mixture's component.
const leastDeviation = 1e-4

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
func (t *Tape) GaussianMixture(mixture Value, x set.Batch) Value {
	checkPairs("grad.GaussianMixture", mixture, Const(x))
	if mixture.Dim != 1+2*x.Dim {
		panic(set.Mismatch("grad.GaussianMixture", "components of width %d, got %d", 1+2*x.Dim, mixture.Dim))
	}
	var total float64
	dx := t.Floats(len(mixture.Values))
	clear(dx)
	for s := range x.Sets() {
		own, d := mixture.Set(s), part(dx, mixture, s)
		if len(own) == 0 && len(x.Set(s)) > 0 {
			panic(set.Mismatch("grad.GaussianMixture", "at least one component in set %d, got none", s))
		}
		total += mixtureLoss(d, own, x.Set(s), x.Dim) / float64(x.Sets())
		for i := range d {
			d[i] /= float32(x.Sets())
		}
	}
	return t.loss(total, mixture, dx)
}

// mixtureLoss returns the mean negative log density of xs and adds its
// gradient to d, which is shaped as components is.
func mixtureLoss(d, components, xs []float32, dim int) float64 {
	const leak = 1e-10
	w := 1 + 2*dim
	k, n := len(components)/w, len(xs)/dim
	if n == 0 {
		return 0
	}
	logits, prob, sigma := make([]float64, k), make([]float64, k), make([]float64, k*dim)
	for j := range k {
		logits[j] = float64(components[j*w])
		for c := range dim {
			sigma[j*dim+c] = max(float64(softplus(components[j*w+1+dim+c])), leastDeviation)
		}
	}
	lse := logSumExp(logits)
	for j := range prob {
		prob[j] = math.Exp(logits[j] - lse)
	}
	var total float64
	terms, dprob, grads := make([]float64, k), make([]float64, k), make([]float64, len(components))
	for i := range n {
		for j := range k {
			terms[j] = math.Log(prob[j]+leak) - float64(dim)/2*math.Log(2*math.Pi)
			for c := range dim {
				s := sigma[j*dim+c]
				z := (float64(xs[i*dim+c]) - float64(components[j*w+1+c])) / s
				terms[j] -= z*z/2 + math.Log(s)
			}
		}
		top := logSumExp(terms)
		total -= top
		for j := range k {
			r := math.Exp(terms[j]-top) / float64(n) // responsibility of component j
			dprob[j] -= r / (prob[j] + leak)
			for c := range dim {
				s := sigma[j*dim+c]
				z := (float64(xs[i*dim+c]) - float64(components[j*w+1+c])) / s
				grads[j*w+1+c] -= r * z / s
				grads[j*w+1+dim+c] -= r * (z*z - 1) / s
			}
		}
	}
	var mean float64
	for j := range k {
		mean += prob[j] * dprob[j]
	}
	for j := range k {
		grads[j*w] = prob[j] * (dprob[j] - mean)
		for c := range dim {
			at := j*w + 1 + dim + c
			if sigma[j*dim+c] <= leastDeviation {
				grads[at] = 0
			}
			grads[at] *= float64(sigmoid(components[at]))
		}
	}
	for i, g := range grads {
		d[i] += float32(g)
	}
	return total / float64(n)
}
