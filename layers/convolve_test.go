package layers

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/internal/gradtest"
	"setwise/set"
	"setwise/set/grad"
)

// convolved is the naive twin of Conv. w is 9*in x out, b has out numbers or
// none.
func convolved(x, w gradtest.Sets, b []float64, height, width, stride int) gradtest.Sets {
	in, out := w.Off.Len()/9, w.Dim
	rows, cols := (height-1)/stride+1, (width-1)/stride+1
	y := gradtest.Zeros(x.Off, rows*cols*out)
	for e := range x.Off.Len() {
		for r := range rows {
			for c := range cols {
				to := y.Row(e)[(r*cols+c)*out:][:out]
				copy(to, b)
				for i := range 3 {
					for j := range 3 {
						yy, xx := r*stride+i-1, c*stride+j-1
						if yy < 0 || yy >= height || xx < 0 || xx >= width {
							continue
						}
						for k := range in {
							for o := range out {
								to[o] += x.Row(e)[(yy*width+xx)*in+k] * w.Row((3*i+j)*in + k)[o]
							}
						}
					}
				}
			}
		}
	}
	return y
}

func TestConv(t *testing.T) {
	for _, c := range []struct {
		height, width, in, out, stride int
		sizes                          []int
	}{
		{4, 5, 2, 3, 1, []int{2, 0, 1}},
		{4, 5, 2, 3, 2, []int{2, 0, 1}},
		{5, 4, 1, 2, 2, []int{1, 2}},
		{5, 7, 2, 1, 3, []int{0, 1}},
		{1, 1, 3, 2, 1, []int{3}},
		{1, 6, 1, 2, 2, []int{1}},
		{2, 1, 1, 1, 1, []int{1, 1}},
		{3, 3, 2, 2, 9, []int{2}},
		{3, 3, 1, 1, 1, []int{0, 0}},
		{14, 14, 2, 2, 1, []int{3, 1, 0, 3}}, // several parts of the gradient
		{7, 8, 17, 20, 2, []int{3, 5}},
	} {
		for _, bias := range []bool{false, true} {
			params := []*grad.Param{gradtest.Normal(1, 9*c.in, c.out)}
			if bias {
				params = append(params, gradtest.Normal(2, 1, c.out))
			}
			(&gradtest.Check{
				Name: fmt.Sprintf("%d x %d x %d to %d by %d, bias %v", c.height, c.width, c.in, c.out, c.stride, bias),
				In:   []set.Batch{gradtest.Ragged(3, c.height*c.width*c.in, c.sizes...)}, Params: params, Apart: []int{0},
				Large: c.height >= 7, Huge: c.in > 9,
				Op: func(t *grad.Tape, in, p []grad.Value) grad.Value {
					return convolve(t, in[0], c.height, c.width, c.stride, p[0], append(p, grad.Value{})[1])
				},
				Twin: func(x []gradtest.Sets) gradtest.Sets {
					return convolved(x[0], x[1], append(x, gradtest.Sets{})[2].V, c.height, c.width, c.stride)
				},
			}).Run(t)
		}
	}
}

// BenchmarkConv reports the arithmetic done per second, forward and back.
func BenchmarkConv(b *testing.B) {
	for _, c := range []struct{ side, in, out, stride, pictures int }{
		{28, 1, 64, 2, 16}, {14, 64, 64, 2, 16}, {7, 64, 64, 2, 16}, {4, 64, 64, 2, 16}, {28, 16, 32, 1, 16},
	} {
		b.Run(fmt.Sprintf("%dx%dx%d to %d by %d", c.side, c.side, c.in, c.out, c.stride), func(b *testing.B) {
			w, bias := gradtest.Normal(1, 9*c.in, c.out), gradtest.Normal(2, 1, c.out)
			x := gradtest.Ragged(3, c.side*c.side*c.in, c.pictures)
			tape := grad.NewTape(nil)
			numbers := 0
			for b.Loop() {
				tape.Reset()
				in := tape.Input(x)
				if c.in == 1 {
					in = grad.Const(x)
				}
				y := convolve(tape, in, c.side, c.side, c.stride, tape.Param(w), tape.Param(bias))
				tape.GradientsFrom(y, y.Values)
				numbers = len(y.Values)
			}
			work := 3 * 2 * 9 * float64(c.in*numbers) * float64(b.N)
			b.ReportMetric(work/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

func TestConvErrors(t *testing.T) {
	b := func(dim int, sizes ...int) grad.Value { return grad.Const(set.New(dim, sizes...)) }
	p := func(rows, cols int) grad.Value { return b(cols, rows) }
	for _, c := range []struct {
		name, op string
		f        func(t *grad.Tape)
	}{
		{"weights", "layers.Conv", func(t *grad.Tape) { convolve(t, b(9, 1), 3, 3, 1, p(10, 2), grad.Value{}) }},
		{"width", "layers.Conv", func(t *grad.Tape) { convolve(t, b(9, 1), 3, 3, 1, p(18, 2), grad.Value{}) }},
		{"bias", "layers.Conv", func(t *grad.Tape) { convolve(t, b(9, 1), 3, 3, 1, p(9, 2), p(1, 3)) }},
		{"stride", "layers.Conv", func(t *grad.Tape) { convolve(t, b(9, 1), 3, 3, 0, p(9, 2), grad.Value{}) }},
		{"height", "layers.Conv", func(t *grad.Tape) { convolve(t, b(0, 1), 0, 3, 1, p(9, 2), grad.Value{}) }},
	} {
		var shape *set.ShapeError
		if assert.ErrorAs(t, set.Try(func() { c.f(nil) }), &shape, c.name) {
			assert.Equal(t, c.op, shape.Op, c.name)
		}
	}
}
