package grad_test

import (
	"testing"

	"setwise/set"
	"setwise/set/grad"
)

// times returns the sets of x times the matrix w, plus b if there is one.
func times(x, w sets, b []float64) sets {
	y := zeros(x.off, w.dim)
	for i := range x.off.Len() {
		for j, a := range x.row(i) {
			for k, c := range w.row(j) {
				y.row(i)[k] += a * c
			}
		}
		for k, c := range b {
			y.row(i)[k] += c
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
		{"ragged", usual(1, 4), 4, 3},
		{"one column", usual(2, 1), 1, 7},
		{"to one column", usual(3, 5), 5, 1},
		{"only empty sets", set.New(3, 0, 0), 3, 2},
		{"many rows", ragged(4, 13, 70, 1, 130, 0, 65), 13, 33},
		{"wide", ragged(5, 150, 5, 3), 150, 140},
	} {
		apart, large := []int{0}, c.x.Len()*c.in*c.out > 5000
		(&check{
			name: c.name + "/bias", in: []set.Batch{c.x}, params: []*grad.Param{normal(1, c.in, c.out), normal(2, 1, c.out)},
			op: func(t *grad.Tape, in []grad.Value, p []*grad.Param) grad.Value {
				return t.Affine(in[0], p[0], p[1])
			},
			twin:  func(x []sets) sets { return times(x[0], x[1], x[2].v) },
			apart: apart, large: large,
		}).run(t)
		(&check{
			name: c.name + "/no bias", in: []set.Batch{c.x}, params: []*grad.Param{normal(1, c.in, c.out)},
			op: func(t *grad.Tape, in []grad.Value, p []*grad.Param) grad.Value {
				return t.Affine(in[0], p[0], nil)
			},
			twin:  func(x []sets) sets { return times(x[0], x[1], nil) },
			apart: apart, large: large,
		}).run(t)
		(&check{
			name: c.name + "/relu", in: []set.Batch{c.x}, params: []*grad.Param{normal(1, c.in, c.out), normal(2, 1, c.out)},
			op: func(t *grad.Tape, in []grad.Value, p []*grad.Param) grad.Value {
				return t.AffineReLU(in[0], p[0], p[1])
			},
			twin:  func(x []sets) sets { return positive(times(x[0], x[1], x[2].v)) },
			apart: apart, kinked: true, large: large,
		}).run(t)
		(&check{
			name: c.name + "/relu without bias", in: []set.Batch{c.x}, params: []*grad.Param{normal(1, c.in, c.out)},
			op: func(t *grad.Tape, in []grad.Value, p []*grad.Param) grad.Value {
				return t.AffineReLU(in[0], p[0], nil)
			},
			twin:  func(x []sets) sets { return positive(times(x[0], x[1], nil)) },
			apart: apart, kinked: true, large: large,
		}).run(t)
	}
}

func positive(x sets) sets {
	for i := range x.v {
		x.v[i] = max(x.v[i], 0)
	}
	return x
}

func TestProduct(t *testing.T) {
	for _, c := range []struct {
		name string
		x, y set.Batch
	}{
		{"ragged", usual(1, 4), ragged(2, 3, 4, 4, 4, 4, 4)},
		{"large", ragged(3, 70, 66, 0, 1), ragged(4, 65, 70, 70, 70)},
	} {
		(&check{
			name: c.name, in: []set.Batch{c.x, c.y}, apart: []int{0, 1}, large: c.x.Len() > 20,
			op: func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value { return t.Product(in[0], in[1]) },
			twin: func(x []sets) sets {
				z := zeros(x[0].off, x[1].dim)
				for s := range z.number() {
					lo, hi := z.off.Bounds(s)
					for i := lo; i < hi; i++ {
						for j, a := range x[0].row(i) {
							for k, b := range x[1].row(x[1].off[s] + j) {
								z.row(i)[k] += a * b
							}
						}
					}
				}
				return z
			},
		}).run(t)
	}
}

func TestDots(t *testing.T) {
	for _, c := range []struct {
		name string
		x, y set.Batch
	}{
		{"ragged", usual(1, 4), ragged(2, 4, 3, 3, 3, 3, 3)},
		{"against nothing", usual(1, 4), set.New(4, 0, 0, 0, 0, 0)},
		{"large", ragged(3, 70, 66, 0, 1), ragged(4, 70, 65, 65, 65)},
	} {
		(&check{
			name: c.name, in: []set.Batch{c.x, c.y}, large: c.x.Len() > 20,
			op: func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value { return t.Dots(in[0], in[1]) },
			twin: func(x []sets) sets {
				m := x[1].size(0)
				z := zeros(x[0].off, m)
				for s := range z.number() {
					lo, hi := z.off.Bounds(s)
					for i := lo; i < hi; i++ {
						for j := range m {
							z.row(i)[j] = dot(x[0].row(i), x[1].row(x[1].off[s]+j))
						}
					}
				}
				return z
			},
		}).run(t)
	}
}

func dot(x, y []float64) (d float64) {
	for i, a := range x {
		d += a * y[i]
	}
	return d
}
