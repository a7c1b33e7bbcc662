package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func rows(bits int) {
	addBias(bits, "addBias", false)
	addBias(bits, "biasReLU", true)
	scaleRows(bits)
	colSum(bits)
}

// addBias adds a bias to dense rows, and takes the positive part when relu is set.
func addBias(bits int, name string, relu bool) {
	c := function(bits, name, "y, bias *float32, rows, cols int")
	y, bias, rows, cols := pointer("y"), pointer("bias"), pointer("rows"), pointer("cols")
	c.masks(cols)
	stride := GP64()
	MOVQ(cols, stride)
	SHLQ(Imm(2), stride)
	c.eachRow(rows, func() {
		to, from := GP64(), GP64()
		MOVQ(y, to)
		MOVQ(bias, from)
		c.each(cols, 4, []reg.GPVirtual{to, from}, func(i int) {
			v, b := c.load(c.at(to, i)), c.load(c.at(from, i))
			VADDPS(b, v, v)
			if relu {
				v = c.positive(v)
			}
			c.store(v, to, i)
		})
		ADDQ(stride, y)
	})
	c.done()
}

// scaleRows multiplies each row by a factor of its own.
func scaleRows(bits int) {
	c := function(bits, "scaleRows", "x *float32, rows, cols int, stride uintptr, by *float32")
	x0, rows, cols, stride, by := pointer("x"), pointer("rows"), pointer("cols"), pointer("stride"), pointer("by")
	c.masks(cols)
	c.eachRow(rows, func() {
		x, f := GP64(), c.reg()
		MOVQ(x0, x)
		VBROADCASTSS(Mem{Base: by}, f)
		c.each(cols, 2, []reg.GPVirtual{x}, func(i int) {
			v := c.load(c.at(x, i))
			VMULPS(f, v, v)
			c.store(v, x, i)
		})
		ADDQ(Imm(4), by)
		ADDQ(stride, x0)
	})
	c.done()
}

// colSum adds the sums of columns of a dense matrix to dst: strips of columns, each summed in float64 down the rows.
func colSum(bits int) {
	c := function(bits, "colSum", "dst, x *float32, rows, cols int")
	dst, x0, rows, cols := pointer("dst"), pointer("x"), pointer("rows"), pointer("cols")
	lanes := bits / 64 // columns that a register of float64 holds
	stride := GP64()
	MOVQ(cols, stride)
	SHLQ(Imm(2), stride)
	half := func() reg.VecVirtual {
		if bits == 512 {
			return YMM()
		}
		return XMM()
	}
	at := func(p reg.GPVirtual, i int) Mem { return Mem{Base: p, Disp: 4 * lanes * i} }
	strip := func(registers int) {
		n := lanes * registers
		name := func(s string) string { return fmt.Sprintf("%s%d", s, registers) }
		Label(name("strip"))
		CMPQ(cols, Imm(uint64(n)))
		JLT(LabelRef(name("nostrip")))
		s := make([]reg.VecVirtual, registers)
		for i := range s {
			s[i] = c.reg()
			c.zero(s[i])
		}
		x, r := GP64(), GP64()
		MOVQ(x0, x)
		MOVQ(rows, r)
		Label(name("down"))
		for i := range s {
			v := c.reg()
			VCVTPS2PD(at(x, i), v)
			VADDPD(v, s[i], s[i])
		}
		ADDQ(stride, x)
		DECQ(r)
		JNZ(LabelRef(name("down")))
		for i := range s {
			h := half()
			if bits == 512 {
				VCVTPD2PS(s[i], h)
			} else {
				VCVTPD2PSY(s[i], h)
			}
			VADDPS(at(dst, i), h, h)
			VMOVUPS(h, at(dst, i))
		}
		ADDQ(Imm(uint64(4*n)), dst)
		ADDQ(Imm(uint64(4*n)), x0)
		SUBQ(Imm(uint64(n)), cols)
		JMP(LabelRef(name("strip")))
		Label(name("nostrip"))
	}
	strip(32 / lanes)
	strip(8 / lanes)
	// What is left, column by column.
	TESTQ(cols, cols)
	JZ(LabelRef("end"))
	Label("column")
	s, x, r := XMM(), GP64(), GP64()
	VXORPD(s, s, s)
	MOVQ(x0, x)
	MOVQ(rows, r)
	Label("down")
	v := XMM()
	VCVTSS2SD(Mem{Base: x}, s, v)
	VADDSD(v, s, s)
	ADDQ(stride, x)
	DECQ(r)
	JNZ(LabelRef("down"))
	VCVTSD2SS(s, s, s)
	VADDSS(Mem{Base: dst}, s, s)
	VMOVSS(s, Mem{Base: dst})
	ADDQ(Imm(4), dst)
	ADDQ(Imm(4), x0)
	DECQ(cols)
	JNZ(LabelRef("column"))
	Label("end")
	c.done()
}
