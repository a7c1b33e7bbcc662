package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func sums(bits int) {
	sumIn64(bits, "sum", false)
	sumIn64(bits, "sumSquares", true)
	rowDots(bits)
	rowMax(bits)
}

// wide makes float64 of eight float32 (AVX2: four): half h of x.
func (c *code) wide(x reg.VecVirtual, h int) reg.VecVirtual {
	d := c.reg()
	switch {
	case c.bits == 512 && h == 0:
		VCVTPS2PD(x.AsY(), d)
	case c.bits == 512:
		y := YMM()
		VEXTRACTF64X4(Imm(1), x, y)
		VCVTPS2PD(y, d)
	case h == 0:
		VCVTPS2PD(x.AsX(), d)
	default:
		y := XMM()
		VEXTRACTF128(Imm(1), x, y)
		VCVTPS2PD(y, d)
	}
	return d
}

// sumIn64 writes the sum of n elements, or of their squares, in float64: sixteen sums, one for each lane, then pairwise.
func sumIn64(bits int, name string, squares bool) {
	c := function(bits, name, "x *float32, n int) (s float64")
	x, n := pointer("x"), pointer("n")
	// Lane l of the vector is in lane l of these in turn: eight or four lanes each.
	s := c.zeros(2)
	c.masks(n)
	c.each(n, 1, []reg.GPVirtual{x}, func(i int) {
		v := c.load(c.at(x, i))
		for h := range 2 {
			w, sum := c.wide(v, h), s[2*i+h]
			if squares {
				VFMADD231PD(w, w, sum)
			} else {
				VADDPD(w, sum, sum)
			}
		}
	})
	// Lanes 0-3, 4-7, 8-11 and 12-15 in four registers.
	var q [4]reg.VecVirtual
	for i := range q {
		q[i] = YMM()
		switch {
		case bits == 256:
			q[i] = s[i]
		case i%2 == 0:
			VMOVAPD(s[i/2].AsY(), q[i])
		default:
			VEXTRACTF64X4(Imm(1), s[i/2], q[i])
		}
	}
	VADDPD(q[2], q[0], q[0])
	VADDPD(q[3], q[1], q[1])
	VADDPD(q[1], q[0], q[0])
	t, u := YMM(), YMM()
	VPERM2F128(Imm(1), q[0], q[0], t)
	VADDPD(t, q[0], q[0])
	VPERMILPD(Imm(5), q[0], u)
	VADDPD(u, q[0], q[0])
	Store(q[0].AsX(), ReturnIndex(0))
	c.done()
}

// rowDots writes the dot products of rows of x and y: four sums for each lane, then pairwise.
func rowDots(bits int) {
	c := function(bits, "rowDots", "dst, x, y *float32, rows, cols int, strideX, strideY uintptr")
	dst, x0, y0 := pointer("dst"), pointer("x"), pointer("y")
	rows, cols, strideX, strideY := pointer("rows"), pointer("cols"), pointer("strideX"), pointer("strideY")
	c.masks(cols)
	c.eachRow(rows, func() {
		x, y := GP64(), GP64()
		MOVQ(x0, x)
		MOVQ(y0, y)
		s := c.zeros(4)
		c.each(cols, 4, []reg.GPVirtual{x, y}, func(i int) {
			v, w := c.load(c.at(x, i)), c.load(c.at(y, i))
			VFMADD231PS(v, w, s[i])
		})
		VMOVSS(c.fold(s, plus).AsX(), Mem{Base: dst})
		ADDQ(Imm(4), dst)
		ADDQ(strideX, x0)
		ADDQ(strideY, y0)
	})
	c.done()
}

// rowMax writes the largest element of each row, -Inf for none; NaN is passed over.
func rowMax(bits int) {
	c := function(bits, "rowMax", "dst, x *float32, rows, cols int, stride uintptr")
	dst, x0, rows, cols, stride := pointer("dst"), pointer("x"), pointer("rows"), pointer("cols"), pointer("stride")
	c.masks(cols)
	least := c.reg()
	VMOVUPS(constant("neginf"), least)
	c.eachRow(rows, func() {
		x := GP64()
		MOVQ(x0, x)
		m := make([]reg.VecVirtual, 2*c.parts())
		for i := range m {
			m[i] = c.reg()
			VMOVAPS(least, m[i])
		}
		c.each(cols, 2, []reg.GPVirtual{x}, func(i int) {
			v := c.load(c.at(x, i))
			switch {
			case !c.tail:
				VMAXPS(m[i], v, m[i])
			case bits == 512:
				VMAXPS(m[i], v, c.km, m[i])
			default:
				VBLENDVPS(c.vm, v, least, v)
				VMAXPS(m[i], v, m[i])
			}
		})
		VMOVSS(c.fold(m, largest).AsX(), Mem{Base: dst})
		ADDQ(Imm(4), dst)
		ADDQ(stride, x0)
	})
	c.done()
}
