package grad_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/internal/gradtest"
	"setwise/set"
	"setwise/set/grad"
)

// attention is a twin of Attend: every query of a set against all of its keys,
// or against those that a relation names. A bias, if any, is the fourth input.
func attention(a grad.Attention, along []*set.Relation) func(x []gradtest.Sets) gradtest.Sets {
	return func(x []gradtest.Sets) gradtest.Sets {
		q, k, v := x[0], x[1], x[2]
		heads := max(a.Heads, 1)
		width := q.Dim / heads
		scale := float64(a.Scale)
		if scale == 0 {
			scale = 1 / math.Sqrt(float64(width))
		}
		off := q.Off
		if q.Number() == 1 && k.Number() != 1 {
			off = make(set.Offsets, k.Number()+1)
			for s := range off {
				off[s] = s * q.Off.Len()
			}
		}
		y := gradtest.Zeros(off, q.Dim)
		pair := 0
		for s := range y.Number() {
			first := off[s]
			if q.Number() != 1 {
				first = 0
			}
			for i := off[s]; i < off[s+1]; i++ {
				var keys []int
				for h := range heads {
					keys = nil
					if len(along) > 0 {
						for _, j := range along[h%len(along)].Of(i) {
							if !a.Causal || int(j)-k.Off[s+1] <= i-off[s+1] {
								keys = append(keys, int(j))
							}
						}
					} else if a.Causal {
						for j := k.Off[s]; j < k.Off[s+1] && j-k.Off[s+1] <= i-off[s+1]; j++ {
							keys = append(keys, j)
						}
					} else {
						for j := k.Off[s]; j < k.Off[s+1]; j++ {
							keys = append(keys, j)
						}
					}
					columns := func(x gradtest.Sets, i int) []float64 { return x.Row(i)[h*width : (h+1)*width] }
					query, out := columns(q, i-first), columns(y, i)
					logits, top, sum := make([]float64, len(keys)), math.Inf(-1), 0.0
					for n, j := range keys {
						logits[n] = scale * dot(query, columns(k, j))
						switch {
						case len(x) > 3 && len(along) > 0:
							r, at := h%len(along), along[h%len(along)].Offsets[i]+n
							for _, before := range along[:r] {
								at += len(before.Index)
							}
							logits[n] += x[3].Row(at)[h/len(along)]
						case len(x) > 3:
							logits[n] += x[3].Row(pair + j - k.Off[s])[h]
						}
						top = max(top, logits[n])
					}
					for n := range keys {
						logits[n] = math.Exp(logits[n] - top)
						sum += logits[n]
					}
					for n, j := range keys {
						for c, b := range columns(v, j) {
							out[c] += logits[n] / sum * b
						}
					}
					if a.Residual {
						for c, b := range query {
							out[c] += b
						}
					}
				}
				pair += k.Size(s)
			}
		}
		return y
	}
}

func attend(a grad.Attention) func(t *grad.Tape, in, _ []grad.Value) grad.Value {
	return func(t *grad.Tape, in, _ []grad.Value) grad.Value {
		a := a
		if len(in) > 3 {
			a.Bias = in[3]
		}
		return t.Attend(in[0], in[1], in[2], a)
	}
}

func TestAttend(t *testing.T) {
	for _, c := range []struct {
		name    string
		q, k, v set.Batch
		heads   int
		scale   float32
	}{
		{"self", gradtest.Usual(1, 4), gradtest.Usual(2, 4), gradtest.Usual(3, 4), 0, 0},
		{"heads", gradtest.Usual(1, 6), gradtest.Usual(2, 6), gradtest.Usual(3, 6), 3, 0},
		{"heads of width 1", gradtest.Usual(1, 3), gradtest.Usual(2, 3), gradtest.Usual(3, 3), 3, 0},
		{"scale", gradtest.Usual(1, 4), gradtest.Usual(2, 4), gradtest.Usual(3, 4), 2, 0.3},
		{"cross", gradtest.Ragged(1, 4, 2, 2, 3, 0, 1), gradtest.Usual(2, 4), gradtest.Usual(3, 4), 2, 0},
		{"no keys", gradtest.Ragged(1, 4, 2, 0, 3), set.New(4, 0, 0, 0), set.New(4, 0, 0, 0), 2, 0},
		{"one key", gradtest.Ragged(1, 4, 2, 0, 3), gradtest.Ragged(2, 4, 1, 1, 1), gradtest.Ragged(3, 4, 1, 1, 1), 2, 0},
		{"one set", gradtest.Ragged(1, 4, 3), gradtest.Ragged(2, 4, 5), gradtest.Ragged(3, 4, 5), 2, 0},
		{"shared", gradtest.Ragged(1, 4, 3), gradtest.Usual(2, 4), gradtest.Usual(3, 4), 2, 0},
		{"shared single", gradtest.Ragged(1, 4, 1), gradtest.Usual(2, 4), gradtest.Usual(3, 4), 1, 0},
		{"shared none", set.New(4, 0), gradtest.Usual(2, 4), gradtest.Usual(3, 4), 1, 0},
		{"shared one key", gradtest.Ragged(1, 4, 3), gradtest.Ragged(2, 4, 1, 1, 0), gradtest.Ragged(3, 4, 1, 1, 0), 1, 0},
		{"tiny", gradtest.Times(gradtest.Usual(1, 4), 1e-2), gradtest.Times(gradtest.Usual(2, 4), 1e-2), gradtest.Usual(3, 4), 2, 0},
		{"huge", set.Of(2, []float32{100, 0, -100, 0, 0, 100}, []float32{100, 100}), set.Of(2, []float32{100, 0, -100, 0, 100, 0, 0, -100}, []float32{-100, -100}), gradtest.Ragged(3, 2, 4, 1), 1, 1},
		{"huge heads", set.Of(4, []float32{100, 0, -100, 0, -100, 0, 0, 100}), set.Of(4, []float32{100, 0, 100, 0, 100, 50, -100, 100, -100, 20, -100, 100}), gradtest.Ragged(3, 4, 3), 2, 1},
		{"all equal", gradtest.Times(gradtest.Ragged(1, 4, 3, 2), 0), gradtest.Ragged(2, 4, 5, 2), gradtest.Ragged(3, 4, 5, 2), 2, 0},
		{"blocks of keys", gradtest.Ragged(1, 4, 3, 1, 2), gradtest.Ragged(2, 4, 600, 0, 257), gradtest.Ragged(3, 4, 600, 0, 257), 2, 0},
		{"a block of keys and one", gradtest.Ragged(1, 4, 2, 2), gradtest.Ragged(2, 4, 256, 257), gradtest.Ragged(3, 4, 256, 257), 1, 0},
		{"blocks of queries", gradtest.Ragged(1, 4, 130, 96, 97), gradtest.Ragged(2, 4, 3, 1, 0), gradtest.Ragged(3, 4, 3, 1, 0), 2, 0},
		{"blocks of both", gradtest.Ragged(1, 4, 70, 1), gradtest.Ragged(2, 4, 300, 2), gradtest.Ragged(3, 4, 300, 2), 2, 0},
		{"blocks of both, shared", gradtest.Ragged(1, 4, 67), gradtest.Ragged(2, 4, 270, 0, 2), gradtest.Ragged(3, 4, 270, 0, 2), 2, 0},
		{"parts of keys", gradtest.Ragged(1, 2, 3, 96, 1), gradtest.Ragged(2, 2, 4097, 8200, 4096), gradtest.Ragged(3, 2, 4097, 8200, 4096), 2, 0},
		{"parts of keys, shared", gradtest.Ragged(1, 2, 5), gradtest.Ragged(2, 2, 0, 9000, 3), gradtest.Ragged(3, 2, 0, 9000, 3), 1, 2},
		{"growing", growing(set.Sizes(2), 1), growing(set.Sizes(600), 1), gradtest.Ragged(3, 1, 600), 1, 1},
	} {
		if testing.Short() && c.q.Len()*c.k.Len() > 100_000 {
			continue
		}
		apart := []int{0, 1, 2}
		if c.q.Sets() == 1 && c.k.Sets() != 1 {
			apart = apart[1:]
		}
		for _, residual := range []bool{false, true} {
			a := grad.Attention{Heads: c.heads, Scale: c.scale, Residual: residual}
			(&gradtest.Check{
				Name: fmt.Sprintf("%s/residual %v", c.name, residual), In: []set.Batch{c.q, c.k, c.v}, Apart: apart,
				Op: attend(a), Twin: attention(a, nil), Large: (c.q.Len()+1)*c.k.Len() > 1000, Huge: c.k.Len() > 4000,
			}).Run(t)
		}
	}
}

func TestAttendBias(t *testing.T) {
	for _, c := range []struct {
		name  string
		q, k  set.Batch
		pairs []int
		heads int
	}{
		{"self", gradtest.Ragged(1, 4, 3, 0, 1, 5, 2), gradtest.Ragged(2, 4, 3, 0, 1, 5, 2), []int{9, 0, 1, 25, 4}, 1},
		{"heads", gradtest.Ragged(1, 6, 3, 0, 1, 5, 2), gradtest.Ragged(2, 6, 3, 0, 1, 5, 2), []int{9, 0, 1, 25, 4}, 3},
		{"cross", gradtest.Ragged(1, 4, 2, 2, 3, 0, 1), gradtest.Ragged(2, 4, 3, 0, 1, 5, 2), []int{6, 0, 3, 0, 2}, 2},
		{"shared", gradtest.Ragged(1, 4, 3), gradtest.Ragged(2, 4, 3, 0, 1, 5), []int{9, 0, 3, 15}, 2},
		{"blocks", gradtest.Ragged(1, 2, 99, 2), gradtest.Ragged(2, 2, 260, 3), []int{99 * 260, 6}, 2},
		{"parts of keys", gradtest.Ragged(1, 2, 3), gradtest.Ragged(2, 2, 2, 4100), []int{6, 12300}, 1},
		{"one key", gradtest.Ragged(1, 4, 2, 3), gradtest.Ragged(2, 4, 1, 1), []int{2, 3}, 2},
	} {
		for _, residual := range []bool{false, true} {
			v := gradtest.Ragged(3, c.k.Dim, c.k.Len())
			v.Offsets = c.k.Offsets
			bias := gradtest.Ragged(4, c.heads, c.pairs...)
			a := grad.Attention{Heads: c.heads, Residual: residual}
			(&gradtest.Check{
				Name: fmt.Sprintf("%s/residual %v", c.name, residual), In: []set.Batch{c.q, c.k, v, bias},
				Op: attend(a), Twin: attention(a, nil), Large: c.q.Len()*c.k.Len() > 1000, Huge: c.k.Len() > 4000,
			}).Run(t)
		}
	}

	q, k, v := gradtest.Usual(1, 4), gradtest.Usual(2, 4), gradtest.Usual(3, 4)
	r, other := related(6, q.Offsets, k.Offsets), related(7, q.Offsets, k.Offsets)
	a := grad.Attention{Heads: 2, Along: []*set.Relation{r}}
	(&gradtest.Check{
		Name: "along", In: []set.Batch{q, k, v, gradtest.Ragged(4, 2, len(r.Index))},
		Op: attend(a), Twin: attention(a, a.Along),
	}).Run(t)
	both := []*set.Relation{r, other}
	(&gradtest.Check{
		Name: "along two", In: []set.Batch{q, k, v, gradtest.Ragged(4, 2, len(r.Index)+len(other.Index))},
		Op: attend(grad.Attention{Heads: 4, Along: both}), Twin: attention(grad.Attention{Heads: 4}, both),
	}).Run(t)
	for name, wrong := range map[string]func(){
		"width":         func() { attend(a)(nil, values(q, k, v, gradtest.Ragged(4, 3, len(r.Index))), nil) },
		"pairs":         func() { attend(a)(nil, values(q, k, v, gradtest.Ragged(4, 2, len(r.Index)+1)), nil) },
		"pairs of sets": func() { attend(grad.Attention{})(nil, values(q, k, v, gradtest.Ragged(4, 1, 3)), nil) },
		"causal along": func() {
			a := a
			a.Causal = true
			attend(a)(nil, values(q, k, v, gradtest.Ragged(4, 2, len(r.Index))), nil)
		},
		"two relations": func() {
			attend(grad.Attention{Heads: 2, Along: []*set.Relation{r, r}})(nil, values(q, k, v, gradtest.Ragged(4, 2, len(r.Index))), nil)
		},
	} {
		var shape *set.ShapeError
		assert.ErrorAs(t, set.Try(wrong), &shape, name)
	}
}

func values(bs ...set.Batch) []grad.Value {
	vs := make([]grad.Value, len(bs))
	for i, b := range bs {
		vs[i] = grad.Const(b)
	}
	return vs
}

// growing returns sets whose numbers increase evenly from -3 to 3: each block
// of keys then has a larger score than those before it.
func growing(o set.Offsets, dim int) set.Batch {
	b := set.Batch{Dim: dim, Offsets: o, Values: make([]float32, o.Len()*dim)}
	for i := range b.Values {
		b.Values[i] = -3 + 6*float32(i)/float32(len(b.Values)-1)
	}
	return b
}

// related returns a relation within the sets of o: some elements see nothing,
// some one element, some themselves, some another more than once.
func related(seed uint64, from, to set.Offsets) *set.Relation {
	rng := rand.New(rand.NewPCG(seed, 5))
	r := &set.Relation{Offsets: set.Offsets{0}}
	for s := range from.Sets() {
		lo, hi := from.Bounds(s)
		klo, khi := to.Bounds(s)
		for range hi - lo {
			for range rng.IntN(4) {
				if khi > klo {
					r.Index = append(r.Index, int32(klo+rng.IntN(khi-klo)))
				}
			}
			r.Offsets = append(r.Offsets, len(r.Index))
		}
	}
	return r
}

func TestAttendAlong(t *testing.T) {
	for _, c := range []struct {
		name      string
		sizes     []int
		dim       int
		heads     int
		relations int
	}{
		{"one relation", []int{3, 0, 1, 5, 2}, 4, 2, 1},
		{"by head", []int{3, 0, 1, 5, 2}, 6, 3, 2},
		{"more relations than heads", []int{4, 2}, 4, 1, 2},
		{"many", []int{400, 0, 30}, 8, 4, 2},
	} {
		for _, residual := range []bool{false, true} {
			q, k, v := gradtest.Ragged(1, c.dim, c.sizes...), gradtest.Ragged(2, c.dim, c.sizes...), gradtest.Ragged(3, c.dim, c.sizes...)
			for n := range c.relations {
				k.Relations = append(k.Relations, related(uint64(n), q.Offsets, k.Offsets))
				require.NoError(t, k.Relations[n].Validate(q.Offsets, k.Offsets))
			}
			a := grad.Attention{Heads: c.heads, Residual: residual}
			(&gradtest.Check{
				Name: fmt.Sprintf("%s/residual %v", c.name, residual), In: []set.Batch{q, k, v}, Apart: []int{0, 1, 2},
				Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value {
					a := a
					a.Along = in[1].Relations
					return t.Attend(in[0], in[1], in[2], a)
				},
				Twin: attention(a, k.Relations), Large: q.Len() > 100,
			}).Run(t)
		}
	}
}

// Attention along the relation of everything to everything is attention over
// whole sets.
func TestAttendAlongEverything(t *testing.T) {
	q, k, v := gradtest.Usual(1, 6), gradtest.Usual(2, 6), gradtest.Usual(3, 6)
	all := &set.Relation{Offsets: set.Offsets{0}}
	for s := range q.Sets() {
		lo, hi := q.Offsets.Bounds(s)
		for range hi - lo {
			for j := lo; j < hi; j++ {
				all.Index = append(all.Index, int32(j))
			}
			all.Offsets = append(all.Offsets, len(all.Index))
		}
	}
	dy := gradtest.Ragged(4, 6, 3, 0, 1, 5, 2).Values
	c := gradtest.Check{In: []set.Batch{q, k, v}, Op: attend(grad.Attention{Heads: 2, Residual: true})}
	want := c.On(grad.NewTape(nil), c.In, dy)
	c.Op = attend(grad.Attention{Heads: 2, Residual: true, Along: []*set.Relation{all}})
	got := c.On(grad.NewTape(nil), c.In, dy)
	assert.InDeltaSlice(t, want.Y.Values, got.Y.Values, 1e-6)
	for i := range want.In {
		assert.InDeltaSlice(t, want.In[i], got.In[i], 1e-5)
	}
}

// Where there is one key its probability is 1, whatever query and key are:
// their gradients are exactly zero.
func TestOneKey(t *testing.T) {
	for name, c := range map[string]struct {
		q, k set.Batch
		a    grad.Attention
	}{
		"full":   {gradtest.Ragged(1, 4, 2, 3), gradtest.Ragged(2, 4, 1, 1), grad.Attention{Heads: 2}},
		"shared": {gradtest.Ragged(1, 4, 3), gradtest.Ragged(2, 4, 1, 1, 0), grad.Attention{Heads: 2}},
		"huge":   {gradtest.Times(gradtest.Ragged(1, 4, 2, 3), 1e3), gradtest.Times(gradtest.Ragged(2, 4, 1, 1), 1e3), grad.Attention{}},
		"along":  {gradtest.Ragged(1, 4, 2, 1), gradtest.Ragged(2, 4, 2, 1), grad.Attention{Along: []*set.Relation{{Offsets: set.Offsets{0, 1, 2, 3}, Index: []int32{1, 1, 2}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			v := gradtest.Ragged(3, 4, c.k.Len())
			v.Offsets = c.k.Offsets
			ck := gradtest.Check{In: []set.Batch{c.q, c.k, v}, Op: attend(c.a)}
			dy := gradtest.Ragged(4, 4, 100).Values
			got := ck.On(grad.NewTape(nil), ck.In, dy)
			assert.Equal(t, make([]float32, len(c.q.Values)), got.In[0], "gradient of queries")
			assert.Equal(t, make([]float32, len(c.k.Values)), got.In[1], "gradient of keys")
			assert.NotEqual(t, make([]float32, len(v.Values)), got.In[2], "gradient of values")
		})
	}
}

// A set that is repeated element by element gives the same as the set itself.
func TestAttendToDuplicates(t *testing.T) {
	q, k, v := gradtest.Ragged(1, 4, 3), gradtest.Ragged(2, 4, 5), gradtest.Ragged(3, 4, 5)
	var tape *grad.Tape
	once := tape.Attend(grad.Const(q), grad.Const(k), grad.Const(v), grad.Attention{Heads: 2})
	kk, vv := set.Of(4, append(k.Set(0), k.Set(0)...)), set.Of(4, append(v.Set(0), v.Set(0)...))
	twice := tape.Attend(grad.Const(q), grad.Const(kk), grad.Const(vv), grad.Attention{Heads: 2})
	assert.InDeltaSlice(t, once.Values, twice.Values, 1e-6)
}
