//go:build amd64 && !noasm

package kernel

import (
	"sync"
	"unsafe"
)

// The product is cut as follows, so that what is read again and again stays in the caches. The sum over k is taken 512 at
// a time, the only place where an element of C is rounded between; columns go 512 at a time, in panels of two
// registers; rows 384 at a time, in tiles of as many rows as fit the registers. A is read in place unless its rows push
// each other out of the cache. B is read in place where that is cheap, and otherwise copied to panels without gaps. The kernels take raw pointers: Gemm has proved the extents before.
const (
	depth  = 512
	stripe = 512
	slab   = 384

	nearStride = 640 * 4 // bytes: rows of B this close are read in place
	fewRows    = 36      // rows of A too few to pay for copying B
	badStride  = 2048    // bytes: rows that far apart, or a multiple, push each other out of the first cache

	narrowCols = 8   // columns of C so few that rows take the lanes instead
	narrowRun  = 256 // rows of C turned at a time then
)

type (
	productKernel = func(a *float32, rowA, colA uintptr, b *float32, rowB uintptr, c *float32, rowC uintptr, k, tiles int, alpha float32, accumulate, columns int)
	turnedKernel  = func(a, b *float32, stride uintptr, c *float32, rowC uintptr, k, blocks int, alpha float32, accumulate int)
	packKernel    = func(dst, b *float32, stride uintptr, k int)
)

// kernels are those of an instruction set; products are indexed by the height of the tile.
type kernels struct {
	lanes      int             // float32 in a register; a panel is two registers wide
	full       []productKernel // panels in full
	masked2    []productKernel // panels of more than one register
	masked1    []productKernel // panels of one register or less
	turned     []turnedKernel  // by rows of A
	packPlain  packKernel
	packTurned packKernel
}

var kernels512 = kernels{
	lanes: 16,
	full: []productKernel{nil, product512_1x2, product512_2x2, product512_3x2, product512_4x2, product512_5x2, product512_6x2,
		product512_7x2, product512_8x2, product512_9x2, product512_10x2, product512_11x2, product512_12x2},
	masked2: []productKernel{nil, product512_1x2m, product512_2x2m, product512_3x2m, product512_4x2m, product512_5x2m, product512_6x2m,
		product512_7x2m, product512_8x2m, product512_9x2m, product512_10x2m, product512_11x2m, product512_12x2m},
	masked1: []productKernel{nil, product512_1x1m, product512_2x1m, product512_3x1m, product512_4x1m, product512_5x1m, product512_6x1m,
		product512_7x1m, product512_8x1m, product512_9x1m, product512_10x1m, product512_11x1m, product512_12x1m},
	turned: []turnedKernel{nil, turned512_1, turned512_2, turned512_3, turned512_4, turned512_5, turned512_6, turned512_7,
		turned512_8},
	packPlain:  packPlain512,
	packTurned: packTurned512,
}

var kernels256 = kernels{
	lanes:      8,
	full:       []productKernel{nil, product256_1x2, product256_2x2, product256_3x2, product256_4x2, product256_5x2, product256_6x2},
	masked2:    []productKernel{nil, product256_1x2m, product256_2x2m, product256_3x2m, product256_4x2m, product256_5x2m},
	masked1:    []productKernel{nil, product256_1x1m, product256_2x1m, product256_3x1m, product256_4x1m, product256_5x1m, product256_6x1m},
	turned:     []turnedKernel{nil, turned256_1, turned256_2, turned256_3, turned256_4},
	packPlain:  packPlain256,
	packTurned: packTurned256,
}

// gemm is Gemm for sizes that are not zero.
func gemm(transA, transB bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, accumulate bool, c []float32, ldc int) {
	var ks *kernels
	switch level {
	case 512:
		ks = &kernels512
	case 256:
		ks = &kernels256
	default:
		gemmPortable(transA, transB, m, n, k, alpha, a, lda, b, ldb, accumulate, c, ldc)
		return
	}
	p := product{kernels: ks, alpha: alpha, ldc: 4 * ldc}
	left, right := operand(a, lda, transA), operand(b, ldb, transB)
	out := hide(unsafe.SliceData(c))
	if accumulate {
		p.accumulate = 1
	}
	for q := 0; q < k; q += depth {
		p.k = min(k-q, depth)
		la, rb := left.from(0, q), right.from(q, 0)
		switch {
		case n <= narrowCols && m >= 2*ks.lanes:
			p.narrow(m, n, la, rb, out)
		case m < len(ks.turned) && n >= 2*ks.lanes && rb.col != 4:
			p.flat(m, n, la, rb, out)
		default:
			p.blocks(m, n, la, rb, out)
		}
		p.accumulate = 1
	}
	if p.scratch != nil {
		scratches.Put(p.scratch)
	}
}

// view is a matrix in memory: element (i, j) is at p + i*row + j*col, in bytes. One of row and col is 4.
type view struct {
	p        *float32
	row, col int
}

func operand(x []float32, stride int, transposed bool) view {
	v := view{p: hide(unsafe.SliceData(x)), row: 4 * stride, col: 4}
	if transposed {
		return v.transpose()
	}
	return v
}

func (v view) transpose() view              { return view{v.p, v.col, v.row} }
func (v view) from(i, j int) view           { return view{offset(v.p, i*v.row+j*v.col), v.row, v.col} }
func offset(p *float32, bytes int) *float32 { return (*float32)(unsafe.Add(unsafe.Pointer(p), bytes)) }

// hide returns p, which the compiler then does not see escape through the tables of kernels: they keep no pointer.
//
//go:nosplit
func hide(p *float32) *float32 {
	x := uintptr(unsafe.Pointer(p))
	return *(**float32)(unsafe.Pointer(&x))
}

// scratch is room for copies, taken only by products that need one.
type scratch struct {
	panels []float32
	left   []float32
	small  [narrowCols * depth]float32     // a few rows of A, packed
	tile   [narrowCols * narrowRun]float32 // C of a narrow product, transposed
	edge   [16 * depth]float32             // rows of B that do not fill a register
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// room returns n elements of *s, grown if need be, that start on a cache line.
func room(s *[]float32, n int) []float32 {
	if len(*s) < n+16 {
		*s = make([]float32, n+16)
	}
	skip := int(-uintptr(unsafe.Pointer(unsafe.SliceData(*s)))%64) / 4
	return (*s)[skip : skip+n]
}

// product is one call of gemm within one depth of the sum.
type product struct {
	*kernels
	*scratch
	k          int
	alpha      float32
	accumulate int
	ldc        int // bytes
}

func (p *product) need() {
	if p.scratch == nil {
		p.scratch = scratches.Get().(*scratch)
	}
}

// blocks multiplies m rows by n columns.
func (p *product) blocks(m, n int, a, b view, c *float32) {
	wide := 2 * p.lanes
	direct := b.col == 4 && (b.row <= nearStride && b.row%badStride != 0 || m <= fewRows)
	copied := max(a.row, a.col)%badStride == 0 && m > 4 && n >= 2*wide && p.k > 16
	var panels []float32
	if !direct {
		p.need()
		panels = room(&p.panels, (min(n, stripe)+wide-1)/wide*wide*p.k)
	}
	for j := 0; j < n; j += stripe {
		cols := min(n-j, stripe)
		if !direct {
			for q := 0; q < cols; q += wide {
				p.pack(panels[q*p.k:], b.from(0, j+q), min(cols-q, wide))
			}
		}
		for i := 0; i < m; i += slab {
			rows := min(m-i, slab)
			left := a.from(i, 0)
			if copied {
				left = p.copyLeft(left, rows)
			}
			tiles := p.cut(rows, p.full)
			for q := 0; q < cols; q += wide {
				right := b.from(0, j+q)
				if !direct {
					right = view{p: &panels[q*p.k], row: 4 * wide, col: 4}
				}
				p.panel(tiles, min(cols-q, wide), left, right, offset(c, i*p.ldc+4*(j+q)))
			}
		}
	}
}

// tiles is how rows are cut: so many tiles of a height, and before them some that are a row higher.
type tiles struct{ height, number, higher int }

// cut cuts rows into tiles as even as can be, none higher than a family of kernels has.
func (p *product) cut(rows int, family []productKernel) tiles {
	n := (rows + len(family) - 2) / (len(family) - 1)
	height := rows / n
	higher := rows - n*height
	return tiles{height, n - higher, higher}
}

// panel multiplies rows, cut for kernels of the full family, by a panel of B of two registers or less.
func (p *product) panel(t tiles, cols int, a, b view, c *float32) {
	family := p.full
	if cols <= p.lanes {
		family = p.masked1
	} else if cols < 2*p.lanes {
		family = p.masked2
	}
	if len(family) != len(p.full) {
		t = p.cut(t.height*(t.number+t.higher)+t.higher, family)
	}
	if t.higher > 0 {
		family[t.height+1](a.p, uintptr(a.row), uintptr(a.col), b.p, uintptr(b.row), c, uintptr(p.ldc), p.k, t.higher, p.alpha, p.accumulate, cols)
		done := t.higher * (t.height + 1)
		a, c = a.from(done, 0), offset(c, done*p.ldc)
	}
	family[t.height](a.p, uintptr(a.row), uintptr(a.col), b.p, uintptr(b.row), c, uintptr(p.ldc), p.k, t.number, p.alpha, p.accumulate, cols)
}

// pack copies cols columns of B, two registers' width or less, to a panel. What the panel holds beyond them is not used.
func (p *product) pack(panel []float32, b view, cols int) {
	wide := 2 * p.lanes
	if b.col == 4 {
		if cols == wide {
			p.packPlain(&panel[0], b.p, uintptr(b.row), p.k)
			return
		}
		for q := range p.k {
			copy(panel[q*wide:q*wide+cols], unsafe.Slice(b.from(q, 0).p, cols))
		}
		return
	}
	for j := 0; j < cols; j += p.lanes {
		rows := b.from(0, j)
		if left := cols - j; left < p.lanes {
			for r := range left {
				copy(p.edge[r*p.k:(r+1)*p.k], unsafe.Slice(rows.from(0, r).p, p.k))
			}
			rows = view{p: &p.edge[0], row: 4, col: 4 * p.k}
		}
		p.packTurned(&panel[j], rows.p, uintptr(rows.col), p.k)
	}
}

// copyLeft copies rows of A, or its columns when it is transposed, next to each other.
func (p *product) copyLeft(a view, rows int) view {
	p.need()
	if a.col == 4 {
		stride := p.k + 16
		to := room(&p.left, rows*stride)
		for i := range rows {
			copy(to[i*stride:i*stride+p.k], unsafe.Slice(a.from(i, 0).p, p.k))
		}
		return view{p: &to[0], row: 4 * stride, col: 4}
	}
	stride := rows + 16
	to := room(&p.left, p.k*stride)
	for q := range p.k {
		copy(to[q*stride:q*stride+rows], unsafe.Slice(a.from(0, q).p, rows))
	}
	return view{p: &to[0], row: 4, col: 4 * stride}
}
