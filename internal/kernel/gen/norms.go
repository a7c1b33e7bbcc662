package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func norms(bits int) {
	layerNorm(bits)
	layerNormGrad(bits)
}

// reciprocal is 1/n in every lane.
func (c *code) reciprocal(n reg.GPVirtual) reg.VecVirtual {
	x, one := XMM(), XMM()
	VXORPS(x, x, x)
	VCVTSI2SSQ(n, x, x)
	VMOVSS(constant("one"), one)
	VDIVSS(x, one, one)
	return c.spread(one)
}

// average is the sum of all lanes of s times inverse, in every lane.
func (c *code) average(s []reg.VecVirtual, inverse reg.VecVirtual) reg.VecVirtual {
	x := c.spread(c.fold(s, plus))
	VMULPS(inverse, x, x)
	return x
}

// layerNorm writes y = gain*(x - mean)*rstd + bias for dense rows, and each row's mean and rstd = 1/sqrt(variance + eps).
func layerNorm(bits int) {
	c := function(bits, "layerNorm", "y, x, gain, bias *float32, rows, cols int, eps float32, mean, rstd *float32")
	y0, x0, gain0, bias0 := pointer("y"), pointer("x"), pointer("gain"), pointer("bias")
	rows, cols, mean, rstd := pointer("rows"), pointer("cols"), pointer("mean"), pointer("rstd")
	c.masks(cols)
	inverse := c.reciprocal(cols)
	c.eachRow(rows, func() {
		x := GP64()
		MOVQ(x0, x)
		s := c.zeros(2)
		c.each(cols, 2, []reg.GPVirtual{x}, func(i int) {
			v := c.load(c.at(x, i))
			VADDPS(v, s[i], s[i])
		})
		m := c.average(s, inverse)
		MOVQ(x0, x)
		q := c.zeros(2)
		c.each(cols, 2, []reg.GPVirtual{x}, func(i int) {
			v := c.load(c.at(x, i))
			VSUBPS(m, v, v)
			c.clip(v)
			VFMADD231PS(v, v, q[i])
		})
		r, one := c.average(q, inverse), XMM()
		VADDSS(stored("eps"), r.AsX(), r.AsX())
		VSQRTSS(r.AsX(), r.AsX(), r.AsX())
		VMOVSS(constant("one"), one)
		VDIVSS(r.AsX(), one, one)
		VMOVSS(m.AsX(), Mem{Base: mean})
		VMOVSS(one, Mem{Base: rstd})
		r = c.spread(one)
		y, gain, bias := GP64(), GP64(), GP64()
		MOVQ(y0, y)
		MOVQ(gain0, gain)
		MOVQ(bias0, bias)
		MOVQ(x0, x)
		c.each(cols, 1, []reg.GPVirtual{y, x, gain, bias}, func(i int) {
			v, a, b := c.load(c.at(x, i)), c.load(c.at(gain, i)), c.load(c.at(bias, i))
			VSUBPS(m, v, v)
			VMULPS(r, v, v)
			VFMADD213PS(b, a, v)
			c.store(v, y, i)
		})
		MOVQ(x, x0) // dense rows follow each other
		MOVQ(y, y0)
		c.rewind(cols, x0, y0)
		ADDQ(Imm(4), mean)
		ADDQ(Imm(4), rstd)
	})
	c.done()
}

// rewind moves pointers that each has moved over the full vectors of n on by the elements of the last.
func (c *code) rewind(n reg.GPVirtual, pointers ...reg.GPVirtual) {
	r := GP64()
	MOVQ(n, r)
	ANDQ(Imm(15), r)
	for _, p := range pointers {
		LEAQ(Mem{Base: p, Index: r, Scale: 4}, p)
	}
}

// layerNormGrad adds the gradients of dense rows. With h = (x - mean)*rstd and e = dy*gain,
//
//	dbias += dy    dgain += dy*h    dx += rstd*(e - mean(e) - h*mean(e*h))
func layerNormGrad(bits int) {
	c := function(bits, "layerNormGrad", "dx, dgain, dbias, dy, x, gain, mean, rstd *float32, rows, cols int")
	rows, cols := pointer("rows"), pointer("cols")
	c.masks(cols)
	inverse := c.reciprocal(cols)
	stride := GP64()
	MOVQ(cols, stride)
	SHLQ(Imm(2), stride)
	c.eachRow(rows, func() {
		m, r, p := c.reg(), c.reg(), GP64()
		MOVQ(stored("mean"), p)
		VBROADCASTSS(Mem{Base: p}, m)
		ADDQ(Imm(4), stored("mean"))
		q := GP64()
		MOVQ(stored("rstd"), q)
		VBROADCASTSS(Mem{Base: q}, r)
		ADDQ(Imm(4), stored("rstd"))
		dgain, dbias := pointer("dgain"), pointer("dbias")
		dy, x, gain := pointer("dy"), pointer("x"), pointer("gain")
		se, seh := c.zeros(1), c.zeros(1)
		c.each(cols, 1, []reg.GPVirtual{dgain, dbias, dy, x, gain}, func(i int) {
			d, h, e := c.load(c.at(dy, i)), c.load(c.at(x, i)), c.load(c.at(gain, i))
			VSUBPS(m, h, h)
			VMULPS(r, h, h)
			VMULPS(d, e, e)
			k := c.part(i)
			VADDPS(e, se[k], se[k])
			c.clip(h)
			VFMADD231PS(e, h, seh[k])
			b := c.load(c.at(dbias, i))
			VADDPS(d, b, b)
			c.store(b, dbias, i)
			a := c.load(c.at(dgain, i))
			VFMADD231PS(d, h, a)
			c.store(a, dgain, i)
		})
		dx := pointer("dx")
		TESTQ(dx, dx)
		JZ(LabelRef("nodx"))
		a, b := c.average(se, inverse), c.average(seh, inverse)
		dy, x, gain = pointer("dy"), pointer("x"), pointer("gain")
		c.each(cols, 1, []reg.GPVirtual{dx, dy, x, gain}, func(i int) {
			e, h, d := c.load(c.at(dy, i)), c.load(c.at(x, i)), c.load(c.at(dx, i))
			g := c.load(c.at(gain, i))
			VSUBPS(m, h, h)
			VMULPS(r, h, h)
			VMULPS(g, e, e) // rounded as in the mean, so that a row of one has no gradient
			VSUBPS(a, e, e)
			VFNMADD231PS(b, h, e)
			VFMADD231PS(r, e, d)
			c.store(d, dx, i)
		})
		ADDQ(stride, stored("dx"))
		Label("nodx")
		ADDQ(stride, stored("dy"))
		ADDQ(stride, stored("x"))
	})
	c.done()
}
