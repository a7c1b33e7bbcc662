package local

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/internal/gradtest"
	"setwise/set"
	"setwise/set/grad"
)

// related returns sets of elements that are related to some of their own set,
// some to none, some to one twice.
func related(seed uint64, dim int, sizes ...int) set.Batch {
	b := gradtest.Ragged(seed, dim, sizes...)
	rng := rand.New(rand.NewPCG(seed, 1))
	r := &set.Relation{Name: "r", Offsets: set.Offsets{0}}
	for s := range b.Sets() {
		lo, hi := b.Offsets.Bounds(s)
		for i := lo; i < hi; i++ {
			for range rng.IntN(5) {
				r.Index = append(r.Index, int32(lo+rng.IntN(hi-lo)))
			}
			if i == lo {
				r.Index = append(r.Index, int32(lo), int32(lo))
			}
			r.Offsets = append(r.Offsets, len(r.Index))
		}
	}
	return b.Relate(r)
}

func bondOf(b set.Batch) bond { return bond{b.Relation("r"), b.Offsets} }

// Operations against naive twins in float64, alone and in company, on one
// processor and several.
func TestOperations(t *testing.T) {
	for _, c := range []struct {
		dim   int
		sizes []int
		large bool
	}{{3, []int{3, 0, 1, 5, 2}, false}, {17, []int{9, 30, 0, 1}, true}, {64, []int{150, 200}, true}} {
		x := related(1, c.dim, c.sizes...)
		y, r := gradtest.Ragged(2, c.dim, c.sizes...), x.Relation("r")
		places, centres := gradtest.Ragged(3, wide, c.sizes...), gradtest.Ragged(4, wide, c.sizes...)
		for i := range min(places.Len(), 4) {
			copy(centres.Row(i), places.Row(i)) // a distance of zero, if they are related
		}
		places.Relations = x.Relations
		for _, check := range []gradtest.Check{
			{
				Name: "maxAlong", In: []set.Batch{x}, Apart: []int{0}, Kinked: true, Large: c.large,
				Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return maxAlong(t, in[0], bondOf(in[0].Batch)) },
				Twin: func(in []gradtest.Sets) gradtest.Sets {
					out := gradtest.Zeros(in[0].Off, in[0].Dim)
					for i := range r.Offsets.Sets() {
						for k := range out.Row(i) {
							for n, j := range r.Of(i) {
								if v := in[0].Row(int(j))[k]; n == 0 || v > out.Row(i)[k] {
									out.Row(i)[k] = v
								}
							}
						}
					}
					return out
				},
			},
			{
				Name: "meet", In: []set.Batch{x, y}, Apart: []int{0, 1}, Kinked: true, Large: c.large,
				Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value {
					b := bondOf(in[0].Batch)
					ends := make(set.Offsets, len(b.sets))
					for s, o := range b.sets {
						ends[s] = b.Offsets[o]
					}
					return t.Regroup(meet(t, in[0], in[1], b), ends)
				},
				Twin: func(in []gradtest.Sets) gradtest.Sets {
					ends := make(set.Offsets, len(in[0].Off))
					for s, o := range in[0].Off {
						ends[s] = r.Offsets[o]
					}
					out := gradtest.Zeros(ends, in[0].Dim)
					for i := range r.Offsets.Sets() {
						for n, j := range r.Of(i) {
							for k := range in[0].Dim {
								out.Row(r.Offsets[i] + n)[k] = max(in[0].Row(int(j))[k]+in[1].Row(i)[k], 0)
							}
						}
					}
					return out
				},
			},
			{
				Name: "interpolate", In: []set.Batch{y, places, centres}, Apart: []int{0, 1, 2}, Large: c.large,
				Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value {
					return interpolate(t, in[0], in[1], in[2], bondOf(in[1].Batch))
				},
				Twin: func(in []gradtest.Sets) gradtest.Sets {
					out := gradtest.Zeros(in[1].Off, in[0].Dim)
					for i := range r.Offsets.Sets() {
						near, least, sum := r.Of(i), math.Inf(1), 0.0
						d := make([]float64, len(near))
						for n, j := range near {
							for k, p := range in[1].Row(i) {
								d[n] += (p - in[2].Row(int(j))[k]) * (p - in[2].Row(int(j))[k])
							}
							least = min(least, d[n])
						}
						for n, j := range near {
							u := 1 / d[n]
							if least < 1e-5 { // zero, but for the steps of differences
								u = 0
								if d[n] < 1e-5 {
									u = 1
								}
							}
							sum += u
							for k := range out.Row(i) {
								out.Row(i)[k] += u * in[0].Row(int(j))[k]
							}
						}
						for k := range out.Row(i) {
							if sum > 0 {
								out.Row(i)[k] /= sum
							}
						}
					}
					return out
				},
			},
		} {
			check.Run(t)
		}
	}
}

// maxAlong is what Max makes of a Gather, with its gradient, bit for bit, where
// numbers are equal too.
func TestMaxAlong(t *testing.T) {
	x := related(5, 7, 20, 0, 9)
	for i := range x.Values {
		x.Values[i] = float32(int(x.Values[i] * 2)) // so that many are equal
	}
	b := bondOf(x)
	tape := grad.NewTape(nil)
	in := tape.Input(x)
	y, z := maxAlong(tape, in, b), tape.Max(tape.Gather(in, b.Index, b.Offsets))
	assert.Equal(t, z.Values, y.Values)
	dy := gradtest.Ragged(6, 7, 29).Values
	dx := tape.GradientsFrom(y, dy).At(in)
	assert.InDeltaSlice(t, tape.GradientsFrom(z, dy).At(in), dx, 1e-5)

	nan := x.Clone()
	nan.Values[3] = float32(math.NaN())
	y = maxAlong(nil, grad.Const(nan), b)
	for i := range y.Len() {
		has := false
		for _, j := range b.Of(i) {
			has = has || j == 0
		}
		assert.Equal(t, has, math.IsNaN(float64(y.Row(i)[3])), "NaN shows")
	}
}
