package attend

import (
	"math"

	"setwise/internal/elementary"
	"setwise/internal/kernel"
)

// Few queries that meet very many keys meet them in parts, on all processors.
// A part of the keys gives, for each query, the largest score, the sum of
// exponentials and the weighted sum of values, as an online softmax has them
// after those keys; all parts of a set are a sheaf, which is bound together in
// their order.

// parts returns in how many parts n queries meet m keys. It depends on nothing
// else, so that the bits of an output do not either; and in causal order, where
// those of a query are to be the same alone and among others, on nothing at all.
func (s *Problem) parts(n, m int) int {
	if n > queryBlock || s.Causal {
		return 1 // blocks of queries are work enough to share
	}
	return max((m+partOf(m)-1)/partOf(m), 1)
}

// partOf returns how many of m keys are in a part: few enough that a thousand
// keys keep two processors busy, and so many that binding is no work.
func partOf(m int) int { return min(max(m/16/keyBlock, 2), 16) * keyBlock }

// A stalk is what one part gives to the queries of one head.
type stalk struct {
	sums     []float32 // queries x width
	top, sum []float32
}

// sheaves returns memory for the sets whose keys are parted, nil for the
// others, and nil if there are none.
func (s *Problem) sheaves() [][]float32 {
	var all [][]float32
	for i := range s.Sets() {
		_, _, n, _, m := s.bounds(i)
		if p := s.parts(n, m); p > 1 && n > 0 {
			if all == nil {
				all = make([][]float32, s.Sets())
			}
			all[i] = make([]float32, p*s.Heads*n*(s.width()+2))
		}
	}
	return all
}

// stalk returns the place of a part in the sheaf of a set with n queries and m
// keys.
func (s *Problem) stalk(sheaf []float32, n, m, head, part int) stalk {
	width := s.width()
	size := n * (width + 2)
	own := sheaf[(head*s.parts(n, m)+part)*size:][:size]
	return stalk{own[:n*width], own[n*width : n*width+n], own[n*width+n:]}
}

// bind brings the parts of set i together: with t_p the top, z_p the sum and
// O_p the sums of part p,
//
//	t = max_p t_p,  z = Σ_p exp(t_p - t) z_p,  O = Σ_p exp(t_p - t) O_p
func (s *Problem) bind(i int, sheaf, y, q []float32, state *State) {
	q0, y0, n, _, m := s.bounds(i)
	d, width := s.Dim, s.width()
	top, sum := make([]float32, n), make([]float32, n)
	for h := range s.Heads {
		out := y[y0*d+h*width:]
		if state != nil {
			out = state.Mixed[y0*d+h*width:]
		}
		for r := range n {
			top[r], sum[r] = float32(math.Inf(-1)), 0
			clear(out[r*d : r*d+width])
			for p := range s.parts(n, m) {
				top[r] = max(top[r], s.stalk(sheaf, n, m, h, p).top[r])
			}
		}
		for p := range s.parts(n, m) {
			own := s.stalk(sheaf, n, m, h, p)
			for r := range n {
				if own.sum[r] == 0 {
					continue
				}
				weight := float32(elementary.Exp(float64(own.top[r]) - float64(top[r])))
				sum[r] += float32(weight * own.sum[r])
				kernel.Axpy(out[r*d:r*d+width], weight, own.sums[r*width:(r+1)*width])
			}
		}
		s.finish(task{i, h, 0, n, 0}, y0, out, q[q0*d+h*width:], y, top, sum, state)
	}
}
