package grad_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/internal/gradtest"
	"setwise/set"
	"setwise/set/grad"
)

// pooled returns one element a set, each column of which is f of that column
// of the set's elements.
func pooled(x gradtest.Sets, f func(column []float64) float64) gradtest.Sets {
	y := gradtest.Zeros(gradtest.Offset(x.Number()), x.Dim)
	for s := range x.Number() {
		for j := range x.Dim {
			var column []float64
			for i := x.Off[s]; i < x.Off[s+1]; i++ {
				column = append(column, x.Row(i)[j])
			}
			y.Row(s)[j] = f(column)
		}
	}
	return y
}

func total(column []float64) (sum float64) {
	for _, a := range column {
		sum += a
	}
	return sum
}

func TestPools(t *testing.T) {
	for _, c := range []struct {
		name string
		op   func(*grad.Tape, grad.Value) grad.Value
		twin func(column []float64) float64
	}{
		{"sum", (*grad.Tape).Sum, total},
		{"mean", (*grad.Tape).Mean, func(column []float64) float64 { return total(column) / float64(max(len(column), 1)) }},
		{"max", (*grad.Tape).Max, func(column []float64) float64 {
			if len(column) == 0 {
				return 0
			}
			top := column[0]
			for _, a := range column {
				top = max(top, a)
			}
			return top
		}},
	} {
		for name, x := range map[string]set.Batch{
			"": gradtest.Usual(1, 3), " of many": gradtest.Ragged(2, 17, 40, 3000, 0, 1, 500), " of nothing": set.New(2, 0, 0, 0),
			" of equals": set.Of(2, []float32{1, -1, 1, -1}, []float32{-2, 0, -2, 0}), // two of a kind: differences see half
		} {
			(&gradtest.Check{
				Name: c.name + name, In: []set.Batch{x}, Apart: []int{0}, Kinked: c.name == "max", Large: x.Len() > 20,
				Op:   func(t *grad.Tape, in, _ []grad.Value) grad.Value { return c.op(t, in[0]) },
				Twin: func(x []gradtest.Sets) gradtest.Sets { return pooled(x[0], c.twin) },
			}).Run(t)
		}
	}
}

// The gradient of a maximum is shared by all that attain it, however many.
func TestMaxIsShared(t *testing.T) {
	tape := grad.NewTape(nil)
	x := tape.Input(set.Of(1, []float32{5, 2, 5, 5, 5}))
	g := tape.GradientsFrom(tape.Max(x), []float32{2}).At(x)
	assert.Equal(t, []float32{0.5, 0, 0.5, 0.5, 0.5}, g)
}

func TestLongSums(t *testing.T) {
	const n = 3_000_000
	x := set.New(2, n)
	for i := range n {
		x.Row(i)[0], x.Row(i)[1] = 0.1, float32(1-2*(i%2))
	}
	var tape *grad.Tape
	sum := tape.Sum(grad.Const(x)).Values
	assert.InEpsilon(t, n*float64(float32(0.1)), sum[0], 1e-6)
	assert.Zero(t, sum[1])
	assert.InEpsilon(t, 0.1, tape.Mean(grad.Const(x)).Values[0], 1e-6)
}

func TestSoftmax(t *testing.T) {
	for name, x := range map[string]set.Batch{
		"usual": gradtest.Usual(1, 3), "many": gradtest.Ragged(2, 5, 700, 0, 1),
		"huge": set.Of(2, []float32{1e4, -1e4, -1e4, 1e4, 1e4, 1e4}, []float32{-1e4, 1e4}, nil),
		"tiny": set.Of(2, []float32{1e-4, -1e-4, -1e-4, 1e-4, 0, 1e-30}),
		"all":  set.Of(1, []float32{7, 7, 7}),
	} {
		(&gradtest.Check{
			Name: name, In: []set.Batch{x}, Apart: []int{0}, Large: x.Len() > 20,
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return t.Softmax(in[0]) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				top := pooled(x[0], func(column []float64) float64 {
					m := math.Inf(-1)
					for _, a := range column {
						m = max(m, a)
					}
					return m
				})
				y := gradtest.Zeros(x[0].Off, x[0].Dim)
				for s := range x[0].Number() {
					for i := y.Off[s]; i < y.Off[s+1]; i++ {
						for j, a := range x[0].Row(i) {
							y.Row(i)[j] = math.Exp(a - top.Row(s)[j])
						}
					}
				}
				sum := pooled(y, total)
				for s := range x[0].Number() {
					for i := y.Off[s]; i < y.Off[s+1]; i++ {
						for j := range y.Dim {
							y.Row(i)[j] /= sum.Row(s)[j]
						}
					}
				}
				return y
			},
		}).Run(t)
	}
}
