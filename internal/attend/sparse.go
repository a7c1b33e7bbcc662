package attend

import (
	"math"

	"setwise/internal/kernel"
	"setwise/internal/parallel"
)

// A Relation gives query i the keys Index[Offsets[i]:Offsets[i+1]].
type Relation struct {
	Offsets []int
	Index   []int32
}

// Of returns the keys of query i.
func (r *Relation) Of(i int) []int32 { return r.Index[r.Offsets[i]:r.Offsets[i+1]] }

// Sparse is attention in which head h of a query sees along[h modulo
// len(along)] only. Keys are numbered across the batch; Queries and Keys of
// the shape are not read, and queries are not shared. A bias has
// Heads/len(Along) numbers for each pair, relation after relation: number c of a
// pair of Along[r] is for head c*len(Along)+r.
type Sparse struct {
	Problem
	Along []Relation
}

func (s *Sparse) longest() int {
	n := 0
	for _, r := range s.Along {
		for i := range len(r.Offsets) - 1 {
			n = max(n, r.Offsets[i+1]-r.Offsets[i])
		}
	}
	return n
}

// bias returns the place of the bias of query i and its key number n in head h.
func (s *Sparse) bias(h, i, n int) int {
	r, several := h%len(s.Along), len(s.Along)
	pair := s.Along[r].Offsets[i] + n
	for _, before := range s.Along[:r] {
		pair += len(before.Index)
	}
	return pair*(s.Heads/several) + h/several
}

// probabilities writes the softmax of the scores of query i in head h.
func (s *Sparse) probabilities(p []float32, keys []int32, h, i int, q, k []float32) {
	d, width := s.Dim, s.width()
	qi := q[i*d+h*width:][:width]
	top := float32(math.Inf(-1))
	for n, j := range keys {
		p[n] = float32(s.Scale * kernel.Dot(qi, k[int(j)*d+h*width:][:width]))
		if s.Bias != nil {
			p[n] += s.Bias[s.bias(h, i, n)]
		}
		top = max(top, p[n])
	}
	for n := range keys {
		p[n] -= top
	}
	kernel.Exp(p[:len(keys)], p[:len(keys)])
	kernel.Scale(p[:len(keys)], 1/kernel.Sum(p[:len(keys)]), p[:len(keys)])
}

// Forward writes the output of attention to y. O(pairs * Dim).
func (s *Sparse) Forward(y, q, k, v []float32) {
	d, width, longest := s.Dim, s.width(), s.longest()
	n := len(q) / d
	parallel.Range(n, 1+workGrain/(d*max(longest, 1)), func(lo, hi int) {
		p := make([]float32, longest)
		for i := lo; i < hi; i++ {
			for h := range s.Heads {
				keys := s.Along[h%len(s.Along)].Of(i)
				out := y[i*d+h*width:][:width]
				clear(out)
				if len(keys) > 0 {
					s.probabilities(p, keys, h, i, q, k)
				}
				for n, j := range keys {
					kernel.Axpy(out, p[n], v[int(j)*d+h*width:][:width])
				}
				if s.Residual {
					kernel.AddTo(out, q[i*d+h*width:][:width])
				}
			}
		}
	})
}

// Backward adds what the gradient dy of the output gives to queries, keys,
// values and bias. Heads are shared out.
func (s *Sparse) Backward(g Gradients, dy, q, k, v []float32) {
	d, width, longest := s.Dim, s.width(), s.longest()
	parallel.Each(s.Heads, func(h int) {
		p, dp := make([]float32, longest), make([]float32, longest)
		at := func(x []float32, row int) []float32 { return x[row*d+h*width:][:width] }
		for i := range len(q) / d {
			keys, di := s.Along[h%len(s.Along)].Of(i), at(dy, i)
			if s.Residual && g.Queries != nil {
				kernel.AddTo(at(g.Queries, i), di)
			}
			if len(keys) == 0 {
				continue
			}
			s.probabilities(p, keys, h, i, q, k)
			var mean float32
			for n, j := range keys {
				dp[n] = kernel.Dot(di, at(v, int(j)))
				mean += float32(p[n] * dp[n])
				if g.Values != nil {
					kernel.Axpy(at(g.Values, int(j)), p[n], di)
				}
			}
			if len(keys) == 1 {
				continue // its probability is 1 whatever query and key are
			}
			for n, j := range keys {
				slope := float32(p[n] * (dp[n] - mean))
				if g.Bias != nil {
					g.Bias[s.bias(h, i, n)] += slope
				}
				if g.Queries != nil {
					kernel.Axpy(at(g.Queries, i), s.Scale*slope, at(k, int(j)))
				}
				if g.Keys != nil {
					kernel.Axpy(at(g.Keys, int(j)), s.Scale*slope, at(q, i))
				}
			}
		}
	})
}
