package kernel

import "math"

// Adam takes one step of AdamW (Loshchilov and Hutter 2019) for the weights p with gradients g and moments m and v, all
// equally long. c1 and c2 are the corrections 1 - beta1^t and 1 - beta2^t of step t.
//
//	m = beta1*m + (1-beta1)*g    v = beta2*v + (1-beta2)*g*g
//	p = p - rate*decay*p - rate * (m/c1) / (sqrt(v/c2) + eps)
func Adam(p, g, m, v []float32, rate, beta1, beta2, eps, c1, c2, decay float32) {
	g, m, v = g[:len(p)], m[:len(p)], v[:len(p)]
	keep := 1 - rate*decay
	for i, d := range g {
		m[i] = beta1*m[i] + (1-beta1)*d
		v[i] = beta2*v[i] + (1-beta2)*d*d
		p[i] = keep*p[i] - rate*(m[i]/c1)/(float32(math.Sqrt(float64(v[i]/c2)))+eps)
	}
}
