package attend

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Gradients are held against central differences in package grad; here the
// forward pass against its definition, and what only callers of this package
// can see.

func random(n int, seed uint64) []float32 {
	rng := rand.New(rand.NewPCG(seed, uint64(n)))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	return x
}

// naive is attention of one query, head by head.
func naive(s *Problem, keys []int, q, k, v []float32) []float64 {
	y, width := make([]float64, s.Dim), s.width()
	for h := range s.Heads {
		weight, sum := make([]float64, len(keys)), 0.0
		for n, j := range keys {
			dot := 0.0
			for c := h * width; c < (h+1)*width; c++ {
				dot += float64(q[c]) * float64(k[j*s.Dim+c])
			}
			weight[n] = math.Exp(float64(s.Scale) * dot)
			sum += weight[n]
		}
		for c := h * width; c < (h+1)*width; c++ {
			for n, j := range keys {
				y[c] += weight[n] / sum * float64(v[j*s.Dim+c])
			}
			if s.Residual {
				y[c] += float64(q[c])
			}
		}
	}
	return y
}

func between(lo, hi int) []int {
	var is []int
	for i := lo; i < hi; i++ {
		is = append(is, i)
	}
	return is
}

var shapes = []Problem{
	{Heads: 1, Dim: 3, Queries: []int{0, 2, 2, 5}, Keys: []int{0, 4, 5, 5}},
	{Heads: 2, Dim: 6, Queries: []int{0, 70, 71}, Keys: []int{0, 300, 813}},
	{Heads: 4, Dim: 8, Queries: []int{0, 3}, Keys: []int{0, 300, 300, 301}, Shared: true},
	{Heads: 3, Dim: 3, Queries: []int{0, 65}, Keys: []int{0, keyBlock, 2*keyBlock + 1}, Shared: true},
	{Heads: 2, Dim: 4, Queries: []int{0, 3}, Keys: []int{0, 512, 1025, 11500, 11500}, Shared: true},
	{Heads: 1, Dim: 3, Queries: []int{0, queryBlock, 2*queryBlock + 1}, Keys: []int{0, 8492, 16685}},
	{Heads: 1, Dim: 2, Queries: []int{0, queryBlock, 2*queryBlock + 1}, Keys: []int{0, 2, 4}},
}

func TestForward(t *testing.T) {
	for n, s := range shapes {
		for _, residual := range []bool{false, true} {
			t.Run(fmt.Sprint(n, residual), func(t *testing.T) {
				s.Scale, s.Residual = 0.4, residual
				q := random(s.Queries[len(s.Queries)-1]*s.Dim, 1)
				m := s.Keys[len(s.Keys)-1] * s.Dim
				k, v := random(m, 2), random(m, 3)
				y := random(s.Outputs()*s.Dim, 4) // whatever was there
				Forward(&s, y, q, k, v, nil)
				for i := range s.Sets() {
					q0, y0, n, k0, m := s.bounds(i)
					for r := range n {
						want := naive(&s, between(k0, k0+m), q[(q0+r)*s.Dim:], k, v)
						got := y[(y0+r)*s.Dim:]
						for c, w := range want {
							require.InDelta(t, w, float64(got[c]), 2e-6, "set %d, query %d, column %d", i, r, c)
						}
					}
				}
				state := stateFor(&s, y)
				again := random(len(y), 5)
				if !residual {
					state.Mixed = again
				}
				Forward(&s, again, q, k, v, state)
				assert.Equal(t, y, again, "the state changes nothing")
			})
		}
	}
}

func stateFor(s *Problem, y []float32) *State {
	n := s.Outputs() * s.Heads
	return &State{Top: random(n, 6), Inverse: random(n, 7), Mixed: random(len(y), 8)}
}

// Backward adds, and does for some of queries, keys and values what it does
// for all.
func TestBackwardAdds(t *testing.T) {
	for n, s := range shapes {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s.Scale, s.Residual = 0.4, n%2 == 0
			q := random(s.Queries[len(s.Queries)-1]*s.Dim, 1)
			m := s.Keys[len(s.Keys)-1] * s.Dim
			k, v := random(m, 2), random(m, 3)
			y, dy := make([]float32, s.Outputs()*s.Dim), random(s.Outputs()*s.Dim, 9)
			state := stateFor(&s, y)
			if !s.Residual {
				state.Mixed = y
			}
			Forward(&s, y, q, k, v, state)
			sums := random(len(y), 10)
			run := func(dq, dk, dv []float32) { Backward(&s, Gradients{dq, dk, dv, nil}, dy, q, k, v, state, sums) }
			all := [][]float32{make([]float32, len(q)), make([]float32, len(k)), make([]float32, len(v))}
			run(all[0], all[1], all[2])
			for part := range all {
				var some [3][]float32
				some[part] = make([]float32, len(all[part]))
				run(some[0], some[1], some[2])
				assert.Equal(t, all[part], some[part], "part %d alone", part)
				for i := range some[part] {
					some[part][i] = 10
				}
				run(some[0], some[1], some[2])
				for i, d := range all[part] {
					require.InDelta(t, 10+float64(d), float64(some[part][i]), 1e-4, "part %d, number %d", part, i)
				}
			}
		})
	}
}

func TestSparse(t *testing.T) {
	const n = 40
	along := []Relation{{Offsets: []int{0}}, {Offsets: []int{0}}}
	rng := rand.New(rand.NewPCG(1, 2))
	for r := range along {
		for i := range n {
			for range rng.IntN(5) * (i % 3) {
				along[r].Index = append(along[r].Index, int32(rng.IntN(n)))
			}
			along[r].Offsets = append(along[r].Offsets, len(along[r].Index))
		}
	}
	s := Sparse{Problem: Problem{Heads: 4, Dim: 8, Scale: 0.5, Residual: true}, Along: along}
	q, k, v, y := random(n*8, 1), random(n*8, 2), random(n*8, 3), random(n*8, 4)
	s.Forward(y, q, k, v)
	for i := range n {
		for h := range s.Heads {
			var keys []int
			for _, j := range along[h%2].Of(i) {
				keys = append(keys, int(j))
			}
			want := naive(&s.Problem, keys, q[i*8:], k, v)
			for c := 2 * h; c < 2*h+2; c++ {
				require.InDelta(t, want[c], float64(y[i*8+c]), 2e-6, "query %d, head %d", i, h)
			}
		}
	}
	dy := random(n*8, 5)
	all := [][]float32{make([]float32, n*8), make([]float32, n*8), make([]float32, n*8)}
	s.Backward(Gradients{all[0], all[1], all[2], nil}, dy, q, k, v)
	for part := range all {
		some := [3][]float32{}
		some[part] = make([]float32, n*8)
		s.Backward(Gradients{some[0], some[1], some[2], nil}, dy, q, k, v)
		assert.Equal(t, all[part], some[part])
	}
}

func TestNoSets(t *testing.T) {
	s := Problem{Heads: 1, Dim: 2, Queries: []int{0}, Keys: []int{0}, Scale: 1}
	Forward(&s, nil, nil, nil, nil, &State{})
	Backward(&s, Gradients{}, nil, nil, nil, nil, &State{}, nil)
	assert.Zero(t, s.Sets())
	assert.Zero(t, s.Outputs())
}
