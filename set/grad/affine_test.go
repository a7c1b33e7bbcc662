package grad_test

import (
	"testing"

	"setwise/internal/gradtest"
	"setwise/set"
	"setwise/set/grad"
)

// times returns the sets of x times the matrix w, plus b if there is one.
func times(x, w gradtest.Sets, b []float64) gradtest.Sets {
	y := gradtest.Zeros(x.Off, w.Dim)
	for i := range x.Off.Len() {
		for j, a := range x.Row(i) {
			for k, c := range w.Row(j) {
				y.Row(i)[k] += a * c
			}
		}
		for k, c := range b {
			y.Row(i)[k] += c
		}
	}
	return y
}

func TestAffine(t *testing.T) {
	for _, c := range []struct {
		name    string
		x       set.Batch
		in, out int
	}{
		{"ragged", gradtest.Usual(1, 4), 4, 3},
		{"one column", gradtest.Usual(2, 1), 1, 7},
		{"to one column", gradtest.Usual(3, 5), 5, 1},
		{"only empty sets", set.New(3, 0, 0), 3, 2},
		{"many rows", gradtest.Ragged(4, 13, 70, 1, 130, 0, 65), 13, 33},
		{"wide", gradtest.Ragged(5, 150, 5, 3), 150, 140},
	} {
		apart, large := []int{0}, c.x.Len()*c.in*c.out > 5000
		(&gradtest.Check{
			Name: c.name + "/bias", In: []set.Batch{c.x}, Params: []*grad.Param{gradtest.Normal(1, c.in, c.out), gradtest.Normal(2, 1, c.out)},
			Op: func(t *grad.Tape, in, p []grad.Value) grad.Value {
				return t.Affine(in[0], p[0], p[1])
			},
			Twin:  func(x []gradtest.Sets) gradtest.Sets { return times(x[0], x[1], x[2].V) },
			Apart: apart, Large: large,
		}).Run(t)
		(&gradtest.Check{
			Name: c.name + "/no bias", In: []set.Batch{c.x}, Params: []*grad.Param{gradtest.Normal(1, c.in, c.out)},
			Op: func(t *grad.Tape, in, p []grad.Value) grad.Value {
				return t.Affine(in[0], p[0], grad.Value{})
			},
			Twin:  func(x []gradtest.Sets) gradtest.Sets { return times(x[0], x[1], nil) },
			Apart: apart, Large: large,
		}).Run(t)
		(&gradtest.Check{
			Name: c.name + "/relu", In: []set.Batch{c.x}, Params: []*grad.Param{gradtest.Normal(1, c.in, c.out), gradtest.Normal(2, 1, c.out)},
			Op: func(t *grad.Tape, in, p []grad.Value) grad.Value {
				return t.AffineReLU(in[0], p[0], p[1])
			},
			Twin:  func(x []gradtest.Sets) gradtest.Sets { return positive(times(x[0], x[1], x[2].V)) },
			Apart: apart, Kinked: true, Large: large,
		}).Run(t)
		(&gradtest.Check{
			Name: c.name + "/relu without bias", In: []set.Batch{c.x}, Params: []*grad.Param{gradtest.Normal(1, c.in, c.out)},
			Op: func(t *grad.Tape, in, p []grad.Value) grad.Value {
				return t.AffineReLU(in[0], p[0], grad.Value{})
			},
			Twin:  func(x []gradtest.Sets) gradtest.Sets { return positive(times(x[0], x[1], nil)) },
			Apart: apart, Kinked: true, Large: large,
		}).Run(t)
	}
}

func positive(x gradtest.Sets) gradtest.Sets {
	for i := range x.V {
		x.V[i] = max(x.V[i], 0)
	}
	return x
}

func TestProduct(t *testing.T) {
	for _, c := range []struct {
		name string
		x, y set.Batch
	}{
		{"ragged", gradtest.Usual(1, 4), gradtest.Ragged(2, 3, 4, 4, 4, 4, 4)},
		{"large", gradtest.Ragged(3, 70, 66, 0, 1), gradtest.Ragged(4, 65, 70, 70, 70)},
	} {
		(&gradtest.Check{
			Name: c.name, In: []set.Batch{c.x, c.y}, Apart: []int{0, 1}, Large: c.x.Len() > 20,
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Product(in[0], in[1]) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				z := gradtest.Zeros(x[0].Off, x[1].Dim)
				for s := range z.Number() {
					lo, hi := z.Off.Bounds(s)
					for i := lo; i < hi; i++ {
						for j, a := range x[0].Row(i) {
							for k, b := range x[1].Row(x[1].Off[s] + j) {
								z.Row(i)[k] += a * b
							}
						}
					}
				}
				return z
			},
		}).Run(t)
	}
}

func TestDots(t *testing.T) {
	for _, c := range []struct {
		name string
		x, y set.Batch
	}{
		{"ragged", gradtest.Usual(1, 4), gradtest.Ragged(2, 4, 3, 3, 3, 3, 3)},
		{"against nothing", gradtest.Usual(1, 4), set.New(4, 0, 0, 0, 0, 0)},
		{"large", gradtest.Ragged(3, 70, 66, 0, 1), gradtest.Ragged(4, 70, 65, 65, 65)},
	} {
		(&gradtest.Check{
			Name: c.name, In: []set.Batch{c.x, c.y}, Large: c.x.Len() > 20,
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Dots(in[0], in[1]) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				m := x[1].Size(0)
				z := gradtest.Zeros(x[0].Off, m)
				for s := range z.Number() {
					lo, hi := z.Off.Bounds(s)
					for i := lo; i < hi; i++ {
						for j := range m {
							z.Row(i)[j] = dot(x[0].Row(i), x[1].Row(x[1].Off[s]+j))
						}
					}
				}
				return z
			},
		}).Run(t)
	}
}

func dot(x, y []float64) (d float64) {
	for i, a := range x {
		d += a * y[i]
	}
	return d
}
