package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// products writes the families of product kernels: tiles of two registers' width in full, of two registers' width under
// a mask, and of one register's width under a mask, for every height that fits the registers.
func products(bits int) {
	if bits == 256 {
		tailTable()
	}
	full, masked2, masked1 := 12, 12, 12
	if bits == 256 {
		full, masked2, masked1 = 6, 5, 6
	}
	for r := 1; r <= full; r++ {
		product(bits, r, 2, false)
	}
	for r := 1; r <= masked2; r++ {
		product(bits, r, 2, true)
	}
	for r := 1; r <= masked1; r++ {
		product(bits, r, 1, true)
	}
	turned := 8
	if bits == 256 {
		turned = 4
	}
	for r := 1; r <= turned; r++ {
		turnedProduct(bits, r)
	}
}

// tailTable is eight ones and eight zeros, for masks of AVX2.
func tailTable() {
	m := GLOBL("lanes_tail", RODATA|NOPTR)
	for i := range 16 {
		v := uint32(0xffffffff)
		if i >= 8 {
			v = 0
		}
		DATA(4*i, U32(v))
	}
	table["tail"] = m
}

// stored is where a parameter lies, to be changed there.
func stored(name string) Mem {
	p, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return p.Addr
}

// product writes a kernel that multiplies tiles, one below the other:
//
//	C[R][V registers] = alpha*A*B, or C += alpha*A*B when accumulate is not zero
//
// Element (i, p) of A is at a + i*rowA + p*colA, row p of B at b + p*rowB, row i of C at c + i*rowC, all in bytes. So one
// kernel serves plain, transposed and packed A, and plain and packed B. The tile lives in registers; for each p it takes V
// registers of B and R broadcasts of A. Every element is the sum over p in order, by fused multiply and add, then times alpha,
// then added to C.
// columns is the number of columns in use, for kernels under a mask.
func product(bits, R, V int, masked bool) {
	c := &code{bits: bits}
	name := fmt.Sprintf("product%d_%dx%d", bits, R, V)
	signature := "func(a *float32, rowA, colA uintptr, b *float32, rowB uintptr, c *float32, rowC uintptr, k, tiles int, alpha float32, accumulate, columns int)"
	if masked {
		name += "m"
	}
	TEXT(name, NOSPLIT, signature)
	Pragma("noescape")
	W := c.width()
	rowA, colA, rowB := pointer("rowA"), pointer("colA"), pointer("rowB")
	ks := c.columnMasks(V, masked)

	Label("tile")
	// Rows of A are reached from a base for every three of them.
	base := make([]reg.GPVirtual, (R+2)/3)
	base[0] = pointer("a")
	for g := 1; g < len(base); g++ {
		base[g] = GP64()
		LEAQ(Mem{Base: base[g-1], Index: rowA, Scale: 2}, base[g])
		ADDQ(rowA, base[g])
	}
	elementA := func(i int) Mem {
		m := Mem{Base: base[i/3]}
		if i%3 > 0 {
			m.Index, m.Scale = rowA, uint8(i%3)
		}
		return m
	}
	b, k := pointer("b"), pointer("k")
	sum := make([][]reg.VecVirtual, R)
	for i := range sum {
		sum[i] = make([]reg.VecVirtual, V)
		for v := range sum[i] {
			sum[i][v] = c.reg()
			c.zero(sum[i][v])
		}
	}
	free := 16
	if bits == 512 {
		free = 32
	} else if masked {
		free -= V
	}
	turns := min(2, free-R*V-V) // registers for broadcasts
	right := make([]reg.VecVirtual, V)
	left := make([]reg.VecVirtual, turns)
	for i := range right {
		right[i] = c.reg()
	}
	for i := range left {
		left[i] = c.reg()
	}
	step := func() {
		for v := range right {
			c.loadColumns(Mem{Base: b, Disp: W * v}, ks, v, right[v])
		}
		ADDQ(rowB, b)
		for i := range R {
			if V == 1 && bits == 512 {
				VFMADD231PS_BCST(elementA(i), right[0], sum[i][0])
				continue
			}
			x := left[i%turns]
			VBROADCASTSS(elementA(i), x)
			for v := range right {
				VFMADD231PS(right[v], x, sum[i][v])
			}
		}
		for g := range base {
			ADDQ(colA, base[g])
		}
	}
	pairs := GP64()
	MOVQ(k, pairs)
	SHRQ(Imm(1), pairs)
	JZ(LabelRef("odd"))
	Label("pair")
	step()
	step()
	DECQ(pairs)
	JNZ(LabelRef("pair"))
	Label("odd")
	TESTQ(U32(1), k)
	JZ(LabelRef("finish"))
	step()
	Label("finish")

	flat := make([]reg.VecVirtual, 0, R*V)
	for _, row := range sum {
		flat = append(flat, row...)
	}
	c.timesAlpha(flat, left[0])
	// All of C is read before any of it is written: a load next to a store under a mask would wait for it.
	out, rowC, in := pointer("c"), pointer("rowC"), GP64()
	accumulate := pointer("accumulate")
	TESTQ(accumulate, accumulate)
	JZ(LabelRef("write"))
	MOVQ(out, in)
	for i := range R {
		for v := range V {
			if masked {
				c.loadColumns(Mem{Base: in, Disp: W * v}, ks, v, right[0])
				VADDPS(right[0], sum[i][v], sum[i][v])
			} else {
				VADDPS(Mem{Base: in, Disp: W * v}, sum[i][v], sum[i][v])
			}
		}
		if i+1 < R {
			ADDQ(rowC, in)
		}
	}
	Label("write")
	for i := range R {
		for v := range V {
			c.storeColumns(sum[i][v], ks, v, Mem{Base: out, Disp: W * v})
		}
		ADDQ(rowC, out)
	}
	MOVQ(out, stored("c"))
	down := GP64()
	IMUL3Q(Imm(uint64(R)), rowA, down)
	ADDQ(down, stored("a"))
	DECQ(stored("tiles"))
	JNZ(LabelRef("tile"))
	c.done()
}

// timesAlpha multiplies the sums by alpha, unless it is one.
func (c *code) timesAlpha(sums []reg.VecVirtual, alpha reg.VecVirtual) {
	one := GP32()
	MOVL(stored("alpha"), one)
	CMPL(one, U32(math.Float32bits(1)))
	JEQ(LabelRef("scaled"))
	VBROADCASTSS(stored("alpha"), alpha)
	for _, s := range sums {
		VMULPS(alpha, s, s)
	}
	Label("scaled")
}

// columnMasks are the masks of V registers with parameter columns of their lanes in use: opmasks or vectors.
func (c *code) columnMasks(V int, masked bool) []Op {
	if !masked {
		return nil
	}
	n := pointer("columns")
	ks := make([]Op, V)
	if c.bits == 512 {
		m := GP32()
		MOVL(U32(0xffffffff), m)
		BZHIL(n.As32(), m, m)
		for v := range ks {
			k := K()
			KMOVW(m, k)
			ks[v] = k
			if v+1 < V {
				SHRL(Imm(16), m)
			}
		}
		return ks
	}
	for v := range ks {
		// The lanes of register v in use: columns - 8*v, from 0 to 8.
		r, bound, p := GP64(), GP64(), GP64()
		MOVQ(n, r)
		SUBQ(Imm(uint64(8*v)), r)
		XORQ(bound, bound)
		CMPQ(r, bound)
		CMOVQLT(bound, r)
		MOVQ(U32(8), bound)
		CMPQ(r, bound)
		CMOVQGT(bound, r)
		LEAQ(constant("tail").Offset(32), p)
		SHLQ(Imm(2), r)
		SUBQ(r, p)
		m := YMM()
		VMOVUPS(Mem{Base: p}, m)
		ks[v] = m
	}
	return ks
}

func (c *code) loadColumns(m Mem, ks []Op, v int, x reg.VecVirtual) {
	switch {
	case ks == nil:
		VMOVUPS(m, x)
	case c.bits == 512:
		VMOVUPS_Z(m, ks[v], x)
	default:
		VMASKMOVPS(m, ks[v], x)
	}
}

func (c *code) storeColumns(x reg.VecVirtual, ks []Op, v int, m Mem) {
	switch {
	case ks == nil:
		VMOVUPS(x, m)
	case c.bits == 512:
		VMOVUPS(x, ks[v], m)
	default:
		VMASKMOVPS(x, ks[v], m)
	}
}
