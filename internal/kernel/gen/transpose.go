package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// turner reads four columns of as many rows as a register has lanes, and gives them as four registers, one a column.
//
// Sixteen bytes of a row go into one 128-bit quarter of a register: quarter q of register i holds row 4*q+i. What is left
// is a transpose of 4 x 4 within the quarters. AVX-512 fills the quarters by broadcasts under a mask, which take no
// shuffle.
type turner struct {
	*code
	stride, stride3 reg.GPVirtual
	quarters        []reg.OpmaskVirtual // AVX-512: lanes of quarter q
	last            []reg.OpmaskVirtual // AVX-512: lanes of quarter q in use in the last columns
	lastMask        reg.VecVirtual      // AVX2: columns in use in the last columns
}

// newTurner prepares to read rows stride bytes apart, k columns of them.
func newTurner(c *code, stride, k reg.GPVirtual) *turner {
	t := &turner{code: c, stride: stride, stride3: GP64()}
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, t.stride3)
	r := GP64()
	MOVQ(k, r)
	ANDQ(Imm(3), r)
	if c.bits == 256 {
		p := GP64()
		LEAQ(constant("tail").Offset(32), p)
		SHLQ(Imm(2), r)
		SUBQ(r, p)
		t.lastMask = XMM()
		VMOVUPS(Mem{Base: p}, t.lastMask)
		return t
	}
	full, part := GP32(), GP32()
	MOVL(U32(15), full)
	BZHIL(r.As32(), full, part)
	for q := range 4 {
		if q > 0 {
			k := K()
			SHLL(Imm(4), full)
			KMOVW(full, k)
			t.quarters = append(t.quarters, k)
		} else {
			t.quarters = append(t.quarters, nil)
		}
		k := K()
		KMOVW(part, k)
		t.last = append(t.last, k)
		SHLL(Imm(4), part)
	}
	return t
}

// rows are the places of the first row of each quarter, from the row at b on.
func (t *turner) rows(b reg.GPVirtual) []reg.GPVirtual {
	p := []reg.GPVirtual{GP64(), GP64()}
	MOVQ(b, p[0])
	LEAQ(Mem{Base: b, Index: t.stride, Scale: 4}, p[1])
	if t.bits == 512 {
		p = append(p, GP64(), GP64())
		LEAQ(Mem{Base: b, Index: t.stride, Scale: 8}, p[2])
		LEAQ(Mem{Base: p[2], Index: t.stride, Scale: 4}, p[3])
	}
	return p
}

// columns reads the next four columns, or those that are left of four when last is set.
func (t *turner) columns(p []reg.GPVirtual, last bool) [4]reg.VecVirtual {
	at := func(q, i int) Mem {
		m := Mem{Base: p[q]}
		switch i {
		case 1:
			m.Index, m.Scale = t.stride, 1
		case 2:
			m.Index, m.Scale = t.stride, 2
		case 3:
			m.Index, m.Scale = t.stride3, 1
		}
		return m
	}
	read := func(i int) reg.VecVirtual {
		x := t.reg()
		switch {
		case t.bits == 512 && !last:
			VBROADCASTF32X4(at(0, i), x)
			for q := 1; q < 4; q++ {
				VBROADCASTF32X4(at(q, i), t.quarters[q], x)
			}
		case t.bits == 512:
			VBROADCASTF32X4_Z(at(0, i), t.last[0], x)
			for q := 1; q < 4; q++ {
				VBROADCASTF32X4(at(q, i), t.last[q], x)
			}
		case !last:
			VBROADCASTF128(at(0, i), x)
			VINSERTF128(Imm(1), at(1, i), x, x)
		default:
			y, z := XMM(), XMM()
			VMASKMOVPS(at(0, i), t.lastMask, y)
			VMASKMOVPS(at(1, i), t.lastMask, z)
			t.zero(x)
			VINSERTF128(Imm(0), y, x, x)
			VINSERTF128(Imm(1), z, x, x)
		}
		return x
	}
	low, high := [2]reg.VecVirtual{}, [2]reg.VecVirtual{}
	for h := range 2 {
		x, y := read(2*h), read(2*h+1)
		low[h], high[h] = t.reg(), t.reg()
		VUNPCKLPS(y, x, low[h])
		VUNPCKHPS(y, x, high[h])
	}
	var out [4]reg.VecVirtual
	for i, v := range [][2]reg.VecVirtual{low, high} {
		out[2*i], out[2*i+1] = t.reg(), t.reg()
		VUNPCKLPD(v[1], v[0], out[2*i])
		VUNPCKHPD(v[1], v[0], out[2*i+1])
	}
	return out
}

// packs writes the kernels that bring B into panels of two registers' width.
func packs(bits int) {
	packPlain(bits)
	packTurned(bits)
}

// packPlain copies k rows of two registers from b, stride bytes apart, to dst without gaps.
func packPlain(bits int) {
	c := function(bits, "packPlain", "dst, b *float32, stride uintptr, k int")
	dst, b, stride, k := pointer("dst"), pointer("b"), pointer("stride"), pointer("k")
	Label("row")
	x, y := c.load(c.at(b, 0)), c.load(c.at(b, 1))
	ADDQ(stride, b)
	c.store(x, dst, 0)
	c.store(y, dst, 1)
	ADDQ(Imm(uint64(2*c.width())), dst)
	DECQ(k)
	JNZ(LabelRef("row"))
	c.done()
}

// packTurned writes k columns of as many rows as a register has lanes, stride bytes apart from b on, to rows of a panel
// two registers wide from dst on.
func packTurned(bits int) {
	c := function(bits, "packTurned", "dst, b *float32, stride uintptr, k int")
	dst, b, k := pointer("dst"), pointer("b"), pointer("k")
	t := newTurner(c, pointer("stride"), k)
	p := t.rows(b)
	fours := GP64()
	MOVQ(k, fours)
	SHRQ(Imm(2), fours)
	JZ(LabelRef("last"))
	Label("four")
	for i, x := range t.columns(p, false) {
		c.store(x, dst, 2*i)
	}
	ADDQ(I32(int32(8*c.width())), dst)
	for _, q := range p {
		ADDQ(Imm(16), q)
	}
	DECQ(fours)
	JNZ(LabelRef("four"))
	Label("last")
	ANDQ(Imm(3), k)
	JZ(LabelRef("end"))
	x := t.columns(p, true)
	for i := range 3 {
		c.store(x[i], dst, 2*i)
		if i < 2 {
			DECQ(k)
			JZ(LabelRef("end"))
		}
	}
	Label("end")
	c.done()
}

// turnedProduct writes a kernel for R rows of A, packed column by column without gaps, times a transposed B whose rows
// are read in place and turned in registers: C[R][blocks*two registers], in the same order of sums as product.
func turnedProduct(bits, R int) {
	c := &code{bits: bits}
	TEXT(fmt.Sprintf("turned%d_%d", bits, R), NOSPLIT,
		"func(a, b *float32, stride uintptr, c *float32, rowC uintptr, k, blocks int, alpha float32, accumulate int)")
	Pragma("noescape")
	lanes := bits / 32
	k := pointer("k")
	t := newTurner(c, pointer("stride"), k)
	Label("block")
	a, b := pointer("a"), pointer("b")
	var p [2][]reg.GPVirtual
	p[0] = t.rows(b)
	next := GP64()
	IMUL3Q(Imm(uint64(lanes)), t.stride, next)
	ADDQ(b, next)
	p[1] = t.rows(next)
	sum := make([][2]reg.VecVirtual, R)
	for i := range sum {
		for g := range 2 {
			sum[i][g] = c.reg()
			c.zero(sum[i][g])
		}
	}
	multiply := func(x reg.VecVirtual, column, g int) {
		for i := range R {
			m := Mem{Base: a, Disp: 4 * (R*column + i)}
			if bits == 512 {
				VFMADD231PS_BCST(m, x, sum[i][g])
				continue
			}
			y := c.reg()
			VBROADCASTSS(m, y)
			VFMADD231PS(x, y, sum[i][g])
		}
	}
	left := GP64()
	MOVQ(k, left)
	SUBQ(Imm(4), left)
	JLT(LabelRef("last"))
	Label("four")
	for g := range 2 {
		for column, x := range t.columns(p[g], false) {
			multiply(x, column, g)
		}
		for _, q := range p[g] {
			ADDQ(Imm(16), q)
		}
	}
	ADDQ(I32(int32(16*R)), a)
	SUBQ(Imm(4), left)
	JGE(LabelRef("four"))
	Label("last")
	ADDQ(Imm(4), left)
	JZ(LabelRef("finish"))
	for g := range 2 {
		x := t.columns(p[g], true)
		over := fmt.Sprintf("over%d", g)
		for column := range 3 {
			multiply(x[column], column, g)
			if column < 2 {
				CMPQ(left, Imm(uint64(column+1)))
				JEQ(LabelRef(over))
			}
		}
		Label(over)
	}
	Label("finish")
	flat := make([]reg.VecVirtual, 0, 2*R)
	for _, row := range sum {
		flat = append(flat, row[:]...)
	}
	c.timesAlpha(flat, c.reg())
	out, rowC := pointer("c"), pointer("rowC")
	ADDQ(I32(int32(2*c.width())), stored("c"))
	accumulate := pointer("accumulate")
	for i := range R {
		TESTQ(accumulate, accumulate)
		JZ(LabelRef(fmt.Sprintf("write%d", i)))
		for g := range 2 {
			VADDPS(c.at(out, g), sum[i][g], sum[i][g])
		}
		Label(fmt.Sprintf("write%d", i))
		for g := range 2 {
			c.store(sum[i][g], out, g)
		}
		ADDQ(rowC, out)
	}
	IMUL3Q(Imm(uint64(2*lanes)), t.stride, next)
	ADDQ(next, stored("b"))
	DECQ(stored("blocks"))
	JNZ(LabelRef("block"))
	c.done()
}
