package kernel

import "math"

// LayerNorm sets each row of the dense matrix y to gain * (x - mean) / sqrt(variance + eps) + bias, with the mean and the
// (biased) variance of that row (Ba, Kiros and Hinton 2016). gain and bias have cols elements. mean and rstd, of rows
// elements, receive each row's mean and 1/sqrt(variance + eps) for the gradient. y may be x.
func LayerNorm(y, x, gain, bias []float32, rows, cols int, eps float32, mean, rstd []float32) {
	if cols == 0 {
		return
	}
	extent("y", len(y), rows, cols, cols)
	extent("x", len(x), rows, cols, cols)
	layerNorm(y, x, head(gain, cols), head(bias, cols), rows, cols, eps, head(mean, rows), head(rstd, rows))
}

// LayerNormGrad adds the gradients of LayerNorm to dx, dgain and dbias. mean and rstd are those LayerNorm gave. dx may be
// nil when nobody wants it. With h = (x - mean)*rstd and e = dy*gain,
//
//	dbias += dy    dgain += dy*h    dx += rstd * (e - mean(e) - h*mean(e*h))
func LayerNormGrad(dx, dgain, dbias, dy, x, gain, mean, rstd []float32, rows, cols int) {
	if cols == 0 {
		return
	}
	if dx != nil {
		extent("dx", len(dx), rows, cols, cols)
	}
	extent("dy", len(dy), rows, cols, cols)
	extent("x", len(x), rows, cols, cols)
	layerNormGrad(dx, head(dgain, cols), head(dbias, cols), dy, x, head(gain, cols), head(mean, rows), head(rstd, rows), rows, cols)
}

func layerNormPlain(y, x, gain, bias []float32, rows, cols int, eps float32, mean, rstd []float32) {
	for r := range rows {
		in, out := x[r*cols:(r+1)*cols], y[r*cols:(r+1)*cols]
		m := float32(sumPlain(in) / float64(cols))
		var v float64
		for _, e := range in {
			d := float64(e - m)
			v += float64(d * d)
		}
		s := float32(1 / math.Sqrt(v/float64(cols)+float64(eps)))
		for j, e := range in {
			out[j] = float32((e-m)*s*gain[j]) + bias[j]
		}
		mean[r], rstd[r] = m, s
	}
}

func layerNormGradPlain(dx, dgain, dbias, dy, x, gain, mean, rstd []float32, rows, cols int) {
	for r := range rows {
		in, out := x[r*cols:(r+1)*cols], dy[r*cols:(r+1)*cols]
		m, s := mean[r], rstd[r]
		var se, seh float64
		for j, d := range out {
			h := (in[j] - m) * s
			e := d * gain[j]
			se += float64(e)
			seh += float64(float64(e) * float64(h))
			dbias[j] += d
			dgain[j] += float32(d * h)
		}
		if dx == nil {
			continue
		}
		a, b := float32(se/float64(cols)), float32(seh/float64(cols))
		row := dx[r*cols : (r+1)*cols]
		for j, d := range out {
			h := (in[j] - m) * s
			row[j] += float32(s * (float32(d*gain[j]) - a - float32(h*b)))
		}
	}
}
