package kernel

import "math"

// Adam takes one step of AdamW (Loshchilov and Hutter 2019) for the weights p with gradients g and moments m and v, all
// equally long. c1 and c2 are the corrections 1 - beta1^t and 1 - beta2^t of step t.
//
//	m = beta1*m + (1-beta1)*g    v = beta2*v + (1-beta2)*g*g
//	p = p - rate*decay*p - rate * (m/c1) / (sqrt(v/c2) + eps)
func Adam(p, g, m, v []float32, rate, beta1, beta2, eps, c1, c2, decay float32) {
	numbers := [8]float32{beta1, 1 - beta1, beta2, 1 - beta2, 1 / c2, eps, 1 - float32(rate*decay), rate / c1}
	adam(p, head(g, len(p)), head(m, len(p)), head(v, len(p)), &numbers)
}

// adamPlain takes the numbers in the order in which Adam lists them.
func adamPlain(w, grad, m, v []float32, numbers *[8]float32) {
	beta1, rest1, beta2, rest2 := numbers[0], numbers[1], numbers[2], numbers[3]
	inverse, eps, keep, step := numbers[4], numbers[5], numbers[6], numbers[7]
	for i, d := range grad {
		m[i] = float32(beta1*m[i]) + float32(rest1*d)
		v[i] = float32(beta2*v[i]) + float32(rest2*(d*d))
		w[i] = float32(keep*w[i]) - step*m[i]/(float32(math.Sqrt(float64(v[i]*inverse)))+eps)
	}
}
