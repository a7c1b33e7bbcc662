package grad_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/set"
	"setwise/set/grad"
)

// attention is a twin of Attend: every query of a set against all of its keys,
// or against those that a relation names. A bias, if any, is the fourth input.
func attention(a grad.Attention, along []*set.Relation) func(x []sets) sets {
	return func(x []sets) sets {
		q, k, v := x[0], x[1], x[2]
		heads := max(a.Heads, 1)
		width := q.dim / heads
		scale := float64(a.Scale)
		if scale == 0 {
			scale = 1 / math.Sqrt(float64(width))
		}
		off := q.off
		if q.number() == 1 && k.number() != 1 {
			off = make(set.Offsets, k.number()+1)
			for s := range off {
				off[s] = s * q.off.Len()
			}
		}
		y := zeros(off, q.dim)
		pair := 0
		for s := range y.number() {
			first := off[s]
			if q.number() != 1 {
				first = 0
			}
			for i := off[s]; i < off[s+1]; i++ {
				var keys []int
				for h := range heads {
					keys = nil
					if len(along) > 0 {
						for _, j := range along[h%len(along)].Of(i) {
							keys = append(keys, int(j))
						}
					} else {
						for j := k.off[s]; j < k.off[s+1]; j++ {
							keys = append(keys, j)
						}
					}
					columns := func(x sets, i int) []float64 { return x.row(i)[h*width : (h+1)*width] }
					query, out := columns(q, i-first), columns(y, i)
					logits, top, sum := make([]float64, len(keys)), math.Inf(-1), 0.0
					for n, j := range keys {
						logits[n] = scale * dot(query, columns(k, j))
						if len(x) > 3 {
							logits[n] += x[3].row(pair + n)[h]
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
				pair += len(keys)
			}
		}
		return y
	}
}

func attend(a grad.Attention) func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value {
	return func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value {
		a := a
		if len(in) > 3 {
			a.Bias = in[3]
		}
		return t.Attend(in[0], in[1], in[2], a)
	}
}

func times32(b set.Batch, by float32) set.Batch {
	for i := range b.Values {
		b.Values[i] *= by
	}
	return b
}

func TestAttend(t *testing.T) {
	for _, c := range []struct {
		name    string
		q, k, v set.Batch
		heads   int
		scale   float32
	}{
		{"self", usual(1, 4), usual(2, 4), usual(3, 4), 0, 0},
		{"heads", usual(1, 6), usual(2, 6), usual(3, 6), 3, 0},
		{"heads of width 1", usual(1, 3), usual(2, 3), usual(3, 3), 3, 0},
		{"scale", usual(1, 4), usual(2, 4), usual(3, 4), 2, 0.3},
		{"cross", ragged(1, 4, 2, 2, 3, 0, 1), usual(2, 4), usual(3, 4), 2, 0},
		{"no keys", ragged(1, 4, 2, 0, 3), set.New(4, 0, 0, 0), set.New(4, 0, 0, 0), 2, 0},
		{"one key", ragged(1, 4, 2, 0, 3), ragged(2, 4, 1, 1, 1), ragged(3, 4, 1, 1, 1), 2, 0},
		{"one set", ragged(1, 4, 3), ragged(2, 4, 5), ragged(3, 4, 5), 2, 0},
		{"shared", ragged(1, 4, 3), usual(2, 4), usual(3, 4), 2, 0},
		{"shared single", ragged(1, 4, 1), usual(2, 4), usual(3, 4), 1, 0},
		{"shared none", set.New(4, 0), usual(2, 4), usual(3, 4), 1, 0},
		{"shared one key", ragged(1, 4, 3), ragged(2, 4, 1, 1, 0), ragged(3, 4, 1, 1, 0), 1, 0},
		{"tiny", times32(usual(1, 4), 1e-2), times32(usual(2, 4), 1e-2), usual(3, 4), 2, 0},
		{"huge", set.Of(2, []float32{100, 0, -100, 0, 0, 100}, []float32{100, 100}), set.Of(2, []float32{100, 0, -100, 0, 100, 0, 0, -100}, []float32{-100, -100}), ragged(3, 2, 4, 1), 1, 1},
		{"huge heads", set.Of(4, []float32{100, 0, -100, 0, -100, 0, 0, 100}), set.Of(4, []float32{100, 0, 100, 0, 100, 50, -100, 100, -100, 20, -100, 100}), ragged(3, 4, 3), 2, 1},
		{"all equal", times32(ragged(1, 4, 3, 2), 0), ragged(2, 4, 5, 2), ragged(3, 4, 5, 2), 2, 0},
		{"blocks of keys", ragged(1, 4, 3, 1, 2), ragged(2, 4, 600, 0, 257), ragged(3, 4, 600, 0, 257), 2, 0},
		{"a block of keys and one", ragged(1, 4, 2, 2), ragged(2, 4, 256, 257), ragged(3, 4, 256, 257), 1, 0},
		{"blocks of queries", ragged(1, 4, 130, 96, 97), ragged(2, 4, 3, 1, 0), ragged(3, 4, 3, 1, 0), 2, 0},
		{"blocks of both", ragged(1, 4, 70, 1), ragged(2, 4, 300, 2), ragged(3, 4, 300, 2), 2, 0},
		{"blocks of both, shared", ragged(1, 4, 67), ragged(2, 4, 270, 0, 2), ragged(3, 4, 270, 0, 2), 2, 0},
		{"parts of keys", ragged(1, 2, 3, 96, 1), ragged(2, 2, 4097, 8200, 4096), ragged(3, 2, 4097, 8200, 4096), 2, 0},
		{"parts of keys, shared", ragged(1, 2, 5), ragged(2, 2, 0, 9000, 3), ragged(3, 2, 0, 9000, 3), 1, 2},
		{"growing", growing(set.Sizes(2), 1), growing(set.Sizes(600), 1), ragged(3, 1, 600), 1, 1},
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
			(&check{
				name: fmt.Sprintf("%s/residual %v", c.name, residual), in: []set.Batch{c.q, c.k, c.v}, apart: apart,
				op: attend(a), twin: attention(a, nil), large: (c.q.Len()+1)*c.k.Len() > 1000, huge: c.k.Len() > 4000,
			}).run(t)
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
		{"self", ragged(1, 4, 3, 0, 1, 5, 2), ragged(2, 4, 3, 0, 1, 5, 2), []int{9, 0, 1, 25, 4}, 1},
		{"heads", ragged(1, 6, 3, 0, 1, 5, 2), ragged(2, 6, 3, 0, 1, 5, 2), []int{9, 0, 1, 25, 4}, 3},
		{"cross", ragged(1, 4, 2, 2, 3, 0, 1), ragged(2, 4, 3, 0, 1, 5, 2), []int{6, 0, 3, 0, 2}, 2},
		{"shared", ragged(1, 4, 3), ragged(2, 4, 3, 0, 1, 5), []int{9, 0, 3, 15}, 2},
		{"blocks", ragged(1, 2, 99, 2), ragged(2, 2, 260, 3), []int{99 * 260, 6}, 2},
		{"parts of keys", ragged(1, 2, 3), ragged(2, 2, 2, 4100), []int{6, 12300}, 1},
		{"one key", ragged(1, 4, 2, 3), ragged(2, 4, 1, 1), []int{2, 3}, 2},
	} {
		for _, residual := range []bool{false, true} {
			v := ragged(3, c.k.Dim, c.k.Len())
			v.Offsets = c.k.Offsets
			bias := ragged(4, c.heads, c.pairs...)
			a := grad.Attention{Heads: c.heads, Residual: residual}
			(&check{
				name: fmt.Sprintf("%s/residual %v", c.name, residual), in: []set.Batch{c.q, c.k, v, bias},
				op: attend(a), twin: attention(a, nil), large: c.q.Len()*c.k.Len() > 1000, huge: c.k.Len() > 4000,
			}).run(t)
		}
	}

	q, k, v := usual(1, 4), usual(2, 4), usual(3, 4)
	r := related(6, q.Offsets, k.Offsets)
	a := grad.Attention{Heads: 2, Along: []*set.Relation{r}}
	(&check{
		name: "along", in: []set.Batch{q, k, v, ragged(4, 2, len(r.Index))},
		op: attend(a), twin: attention(a, a.Along),
	}).run(t)
	for name, wrong := range map[string]func(){
		"width":         func() { attend(a)(nil, values(q, k, v, ragged(4, 3, len(r.Index))), nil) },
		"pairs":         func() { attend(a)(nil, values(q, k, v, ragged(4, 2, len(r.Index)+1)), nil) },
		"pairs of sets": func() { attend(grad.Attention{})(nil, values(q, k, v, ragged(4, 1, 3)), nil) },
		"two relations": func() {
			attend(grad.Attention{Heads: 2, Along: []*set.Relation{r, r}})(nil, values(q, k, v, ragged(4, 2, len(r.Index))), nil)
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
			q, k, v := ragged(1, c.dim, c.sizes...), ragged(2, c.dim, c.sizes...), ragged(3, c.dim, c.sizes...)
			for n := range c.relations {
				k.Relations = append(k.Relations, related(uint64(n), q.Offsets, k.Offsets))
				require.NoError(t, k.Relations[n].Validate(q.Offsets, k.Offsets))
			}
			a := grad.Attention{Heads: c.heads, Residual: residual}
			(&check{
				name: fmt.Sprintf("%s/residual %v", c.name, residual), in: []set.Batch{q, k, v}, apart: []int{0, 1, 2},
				op: func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value {
					a := a
					a.Along = in[1].Relations
					return t.Attend(in[0], in[1], in[2], a)
				},
				twin: attention(a, k.Relations), large: q.Len() > 100,
			}).run(t)
		}
	}
}

// Attention along the relation of everything to everything is attention over
// whole sets.
func TestAttendAlongEverything(t *testing.T) {
	q, k, v := usual(1, 6), usual(2, 6), usual(3, 6)
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
	dy := ragged(4, 6, 3, 0, 1, 5, 2).Values
	c := check{in: []set.Batch{q, k, v}, op: attend(grad.Attention{Heads: 2, Residual: true})}
	want := c.on(grad.NewTape(nil), c.in, dy)
	c.op = attend(grad.Attention{Heads: 2, Residual: true, Along: []*set.Relation{all}})
	got := c.on(grad.NewTape(nil), c.in, dy)
	assert.InDeltaSlice(t, want.y.Values, got.y.Values, 1e-6)
	for i := range want.in {
		assert.InDeltaSlice(t, want.in[i], got.in[i], 1e-5)
	}
}

// Where there is one key its probability is 1, whatever query and key are:
// their gradients are exactly zero.
func TestOneKey(t *testing.T) {
	for name, c := range map[string]struct {
		q, k set.Batch
		a    grad.Attention
	}{
		"full":   {ragged(1, 4, 2, 3), ragged(2, 4, 1, 1), grad.Attention{Heads: 2}},
		"shared": {ragged(1, 4, 3), ragged(2, 4, 1, 1, 0), grad.Attention{Heads: 2}},
		"huge":   {times32(ragged(1, 4, 2, 3), 1e3), times32(ragged(2, 4, 1, 1), 1e3), grad.Attention{}},
		"along":  {ragged(1, 4, 2, 1), ragged(2, 4, 2, 1), grad.Attention{Along: []*set.Relation{{Offsets: set.Offsets{0, 1, 2, 3}, Index: []int32{1, 1, 2}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			v := ragged(3, 4, c.k.Len())
			v.Offsets = c.k.Offsets
			ck := check{in: []set.Batch{c.q, c.k, v}, op: attend(c.a)}
			dy := ragged(4, 4, 100).Values
			got := ck.on(grad.NewTape(nil), ck.in, dy)
			assert.Equal(t, make([]float32, len(c.q.Values)), got.in[0], "gradient of queries")
			assert.Equal(t, make([]float32, len(c.k.Values)), got.in[1], "gradient of keys")
			assert.NotEqual(t, make([]float32, len(v.Values)), got.in[2], "gradient of values")
		})
	}
}

// A set that is repeated element by element gives the same as the set itself.
func TestAttendToDuplicates(t *testing.T) {
	q, k, v := ragged(1, 4, 3), ragged(2, 4, 5), ragged(3, 4, 5)
	var tape *grad.Tape
	once := tape.Attend(grad.Const(q), grad.Const(k), grad.Const(v), grad.Attention{Heads: 2})
	kk, vv := set.Of(4, append(k.Set(0), k.Set(0)...)), set.Of(4, append(v.Set(0), v.Set(0)...))
	twice := tape.Attend(grad.Const(q), grad.Const(kk), grad.Const(vv), grad.Attention{Heads: 2})
	assert.InDeltaSlice(t, once.Values, twice.Values, 1e-6)
}
