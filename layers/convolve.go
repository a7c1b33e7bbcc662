package layers

import (
	"sync"

	"setwise/internal/kernel"
	"setwise/internal/parallel"
	"setwise/set"
	"setwise/set/grad"
)

// convolve convolves every element of x, which is a picture, with w.Dim kernels of
// 3 x 3 pixels, of which every stride-th place in either direction is kept:
//
//	y[r, c] = b + Σ_ij x[r·stride + i - 1, c·stride + j - 1] · W_ij    i, j = 0, 1, 2
//
// where pixels beyond the edges are zero. A picture is height rows of width
// pixels of w.Len()/9 channels, row after row, the channels of a pixel side by
// side. Rows of w are in the order (i, j, channel), so that PyTorch's
// Conv2d.weight is w with its axes permuted to (column, channel, i, j). A result
// has ⌈height/stride⌉ rows of ⌈width/stride⌉ pixels of w.Dim channels. b may be
// none. O(pixels of the result * w.Len() * w.Dim).
func convolve(t *grad.Tape, x grad.Value, height, width, stride int, w, b grad.Value) grad.Value {
	if height < 1 || width < 1 || stride < 1 {
		panic(set.Mismatch("layers.Conv", "a height, a width and a stride of at least 1, got %d, %d and %d", height, width, stride))
	}
	if w.Len()%9 != 0 {
		panic(set.Mismatch("layers.Conv", "a multiple of 9 rows of weights, got %d", w.Len()))
	}
	p := pictures{height: height, width: width, stride: stride, in: w.Len() / 9, out: w.Dim}
	p.rows, p.cols = (height-1)/stride+1, (width-1)/stride+1
	if numbers := float64(height) * float64(width) * float64(p.in); float64(x.Dim) != numbers {
		panic(set.Mismatch("layers.Conv", "elements of width %.0f, which is %d x %d pixels of %d channels, got %d", numbers, height, width, p.in, x.Dim))
	}
	if !b.IsNone() && b.Dim != w.Dim {
		panic(set.Mismatch("layers.Conv", "%d biases, got %d", w.Dim, b.Dim))
	}
	y := t.Like(x.Batch, p.rows*p.cols*p.out)
	p.forward(y.Values, x.Values, w.Values)
	places := x.Len() * p.rows * p.cols
	if b.Values != nil {
		kernel.AddBias(y.Values, places, p.out, b.Values)
	}
	return t.Record(grad.Op{Name: "Conv", With: [3]int{height, width, stride}}, y, func(dy []float32, din [][]float32) {
		if din[0] != nil {
			p.backward(din[0], dy, w.Values, x.Len())
		}
		if din[1] != nil {
			p.weights(din[1], dy, x.Values, x.Len())
		}
		if din[2] != nil {
			kernel.ColSum(din[2], dy, places, p.out)
		}
	}, x, w, b)
}

// rowsAtOnce is how many places one worker takes at a time: with their results
// they fit in its cache.
const rowsAtOnce = 96

// pictures are how a convolution sees its elements: rows x cols places, each
// with a patch of 9*in numbers around it.
type pictures struct {
	height, width, stride int
	rows, cols            int
	in, out               int
}

func (p *pictures) patch() int { return 9 * p.in }

// cost returns how many multiplications a place takes.
func (p *pictures) cost() int { return p.patch() * p.out }

var patches = sync.Pool{New: func() any { return new([]float32) }}

// some calls f for some places of n pictures at a time, with memory for their
// patches.
func (p *pictures) some(lo, hi int, f func(patches []float32, lo, n int)) {
	memory := patches.Get().(*[]float32)
	if need := rowsAtOnce * p.patch(); len(*memory) < need {
		*memory = make([]float32, need)
	}
	for ; lo < hi; lo += rowsAtOnce {
		f(*memory, lo, min(rowsAtOnce, hi-lo))
	}
	patches.Put(memory)
}

// window returns which pixels the patch of a place has: rows of so many numbers,
// the first of them at from in the pictures and at to in the patch. The rest of
// the patch is beyond the edges.
func (p *pictures) window(place int) (from, to, rows, n int) {
	picture, place := place/(p.rows*p.cols), place%(p.rows*p.cols)
	top, left := place/p.cols*p.stride-1, place%p.cols*p.stride-1
	i, j := max(0, -top), max(0, -left)
	from = ((picture*p.height+top+i)*p.width + left + j) * p.in
	return from, (3*i + j) * p.in, min(3, p.height-top) - i, (min(3, p.width-left) - j) * p.in
}

// gather makes the patches of n places from place lo on.
func (p *pictures) gather(patches, x []float32, lo, n int) {
	for k := range n {
		patch := patches[k*p.patch() : (k+1)*p.patch()]
		from, to, rows, n := p.window(lo + k)
		if rows < 3 || n < 3*p.in {
			clear(patch)
		}
		for range rows {
			copy(patch[to:to+n], x[from:from+n])
			from, to = from+p.width*p.in, to+3*p.in
		}
	}
}

// scatter adds the patches of n places from place lo on to where they are from.
func (p *pictures) scatter(x, patches []float32, lo, n int) {
	for k := range n {
		patch := patches[k*p.patch() : (k+1)*p.patch()]
		from, to, rows, n := p.window(lo + k)
		for range rows {
			kernel.AddTo(x[from:from+n], patch[to:to+n])
			from, to = from+p.width*p.in, to+3*p.in
		}
	}
}

// forward sets y to the products of the patches of x and w.
func (p *pictures) forward(y, x, w []float32) {
	grad.Each(len(y)/max(p.out, 1), p.cost(), func(lo, hi int) {
		p.some(lo, hi, func(patches []float32, lo, n int) {
			p.gather(patches, x, lo, n)
			kernel.Gemm(false, false, n, p.out, p.patch(), 1, patches, p.patch(), w, p.out, false, y[lo*p.out:], p.out)
		})
	})
}

// backward adds to dx, of n pictures, what comes back through w. Patches
// overlap, so a picture has one worker.
func (p *pictures) backward(dx, dy, w []float32, n int) {
	places := p.rows * p.cols
	grad.Each(n, places*p.cost(), func(lo, hi int) {
		p.some(lo*places, hi*places, func(patches []float32, lo, n int) {
			kernel.Gemm(false, true, n, p.patch(), p.out, 1, dy[lo*p.out:], p.out, w, p.out, false, patches, p.patch())
			p.scatter(dx, patches, lo, n)
		})
	})
}

// weights adds the gradient of the weights to dw. The places are divided into
// parts, as many on any number of processors, whose sums are added up in order.
func (p *pictures) weights(dw, dy, x []float32, n int) {
	const most = 16
	places := n * p.rows * p.cols
	parts := min(most, places/(8*rowsAtOnce)+1)
	sums := make([][]float32, parts)
	parallel.Each(parts, func(i int) {
		sums[i] = dw
		if i > 0 {
			sums[i] = make([]float32, len(dw))
		}
		p.some(i*places/parts, (i+1)*places/parts, func(patches []float32, lo, n int) {
			p.gather(patches, x, lo, n)
			kernel.Gemm(true, false, p.patch(), p.out, n, 1, patches, p.patch(), dy[lo*p.out:], p.out, true, sums[i], p.out)
		})
	})
	for _, s := range sums[1:] {
		kernel.AddTo(dw, s)
	}
}
