package local

import (
	"setwise/internal/kernel"
	"setwise/set"
	"setwise/set/grad"
)

// interpolate returns, for each element i, the mean of those of x that it is
// related to, weighted by the inverse squares of the distances of places: p of i
// and q of x,
//
//	y_i = Σ_j u_ij x_j / Σ_j u_ij    u_ij = 1/|p_i - q_j|²
//
// and where some distances are zero the mean of those x_j alone. Elements that
// are related to none get zero. O(pairs * x.Dim).
func interpolate(t *grad.Tape, x, p, q grad.Value, b bond) grad.Value {
	d := x.Dim
	y := set.Batch{Dim: d, Values: t.Floats(b.sets.Len() * d), Offsets: b.sets}
	row := func(j int32) []float32 { return x.Values[int(j)*d : (int(j)+1)*d] }
	weights := t.Floats(len(b.Index))
	grad.Each(y.Len(), d*b.pairs(), func(lo, hi int) {
		squares := make([]float64, b.longest())
		for i := lo; i < hi; i++ {
			near, own, of := b.Of(i), y.Values[i*d:(i+1)*d], weights[b.Offsets[i]:b.Offsets[i+1]]
			for k, j := range near {
				squares[k] = square(p.Row(i), q.Row(int(j)))
			}
			inverse(of, squares[:len(near)])
			clear(own)
			for k, j := range near {
				kernel.Axpy(own, of[k], row(j))
			}
		}
	})
	return t.Record(grad.Op{Name: "Interpolate"}, y, func(dy []float32, din [][]float32) {
		dx, dp, dq := din[0], din[1], din[2]
		b.eachSet(d, func(_, lo, hi int) {
			for i := lo; i < hi; i++ {
				own, di, of := y.Values[i*d:(i+1)*d], dy[i*d:(i+1)*d], weights[b.Offsets[i]:b.Offsets[i+1]]
				mean := kernel.Dot(di, own)
				for k, j := range b.Of(i) {
					if dx != nil {
						kernel.Axpy(dx[int(j)*d:(int(j)+1)*d], of[k], di)
					}
					if dp == nil && dq == nil {
						continue
					}
					at, to := p.Row(i), q.Row(int(j))
					off := square(at, to)
					if off == 0 {
						continue // a weight has its largest or least value there
					}
					slope := -2 * float64(of[k]) * float64(kernel.Dot(di, row(j))-mean) / off
					for c := range at {
						s := float32(slope * (float64(at[c]) - float64(to[c])))
						if dp != nil {
							dp[i*wide+c] += s
						}
						if dq != nil {
							dq[int(j)*wide+c] -= s
						}
					}
				}
			}
		})
	}, x, p, q)
}

// square returns the squared distance of two places.
func square(p, q []float32) float64 {
	var sum float64
	for c, x := range p {
		off := float64(x) - float64(q[c])
		sum += float64(off * off)
	}
	return sum
}

// inverse sets weights to the inverse of squared distances, so that they sum
// to one; where some are zero, the others have none.
func inverse(weights []float32, squares []float64) {
	zeros := 0
	for _, d := range squares {
		if d == 0 {
			zeros++
		}
	}
	var sum float64
	for k, d := range squares {
		switch {
		case zeros == 0:
			squares[k] = 1 / d
		case d == 0:
			squares[k] = 1
		default:
			squares[k] = 0
		}
		sum += squares[k]
	}
	for k, u := range squares {
		weights[k] = float32(u / sum)
	}
}
