package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// exp replaces x by e^x: 0 below -87.33, where the result would be subnormal, and NaN for NaN. bounded says that x is at
// most 88; otherwise the result is +Inf above the range.
//
// With n the integer next to x/ln 2 and r = x - n*ln 2, e^x = 2^n * (1 + r + r^2*P(r)).
func (c *code) exp(x reg.VecVirtual, bounded bool) {
	n, p := c.reg(), c.reg()
	var small reg.VecVirtual // AVX2: lanes that are too small
	var normal reg.OpmaskVirtual
	low := c.reg()
	VMOVUPS(constant("low"), low)
	if c.bits == 512 {
		normal = K()
		VCMPPS(Imm(notLess), low, x, normal)
	} else {
		small = low
		VCMPPS(Imm(less), low, x, small)
	}
	if !bounded {
		high := c.reg()
		VMOVUPS(constant("high"), high)
		VMINPS(x, high, x) // NaN is passed on
	}
	VMULPS(constant("log2e"), x, n)
	if c.bits == 512 {
		VRNDSCALEPS(Imm(8), n, n)
	} else {
		VROUNDPS(Imm(8), n, n)
	}
	VFNMADD231PS(constant("ln2hi"), n, x)
	VFNMADD231PS(constant("ln2lo"), n, x)
	VMOVUPS(constant("exp0"), p)
	for i := 1; i < len(expPoly); i++ {
		VFMADD213PS(constant(fmt.Sprintf("exp%d", i)), x, p)
	}
	VMULPS(x, p, p)
	VFMADD213PS(x, x, p)
	VADDPS(constant("one"), p, p)
	if c.bits == 512 {
		VSCALEFPS_Z(n, p, normal, x)
		return
	}
	VCVTPS2DQ(n, n)
	if !bounded {
		// n may be 128, and 2^n out of range: half of it first.
		half := c.reg()
		VPSRAD(Imm(1), n, half)
		VPSUBD(half, n, n)
		VPSLLD(Imm(23), half, half)
		VPADDD(constant("one"), half, half)
		VMULPS(half, p, p)
	}
	VPSLLD(Imm(23), n, n)
	VPADDD(constant("one"), n, n)
	VMULPS(n, p, x)
	VANDNPS(x, small, x)
}

// notLess is the predicate !(a < b) of VCMPPS(notLess, b, a, d), true for NaN.
const notLess = 0x15

// magnitude is |x|.
func (c *code) magnitude(x reg.VecVirtual) reg.VecVirtual {
	d := c.reg()
	VANDPS(constant("magnitude"), x, d)
	return d
}

// clamp brings x to within bound of zero; NaN is passed on.
func (c *code) clamp(x reg.VecVirtual, bound string) {
	b := c.reg()
	VMOVUPS(constant(bound), b)
	VMINPS(x, b, x)
	VXORPS(constant("sign"), b, b)
	VMAXPS(x, b, x)
}

// choose is a where x has its sign bit set and b elsewhere.
func (c *code) choose(x, a, b reg.VecVirtual) reg.VecVirtual {
	d := c.reg()
	if c.bits == 512 {
		k := K()
		VPMOVD2M(x, k)
		VBLENDMPS(a, b, k, d)
	} else {
		VBLENDVPS(x, a, b, d)
	}
	return d
}

// sigmoid is 1/(1+e^-x), by way of e = e^-|x|, which does not overflow: 1/(1+e), or e/(1+e) for negative x.
func (c *code) sigmoid(x reg.VecVirtual) reg.VecVirtual {
	e, d, one := c.reg(), c.reg(), c.reg()
	VORPS(constant("sign"), x, e)
	c.exp(e, true)
	VMOVUPS(constant("one"), one)
	VADDPS(e, one, d)
	top := c.choose(x, e, one)
	VDIVPS(d, top, d)
	return d
}

// tanh is (1-e)/(1+e) with e = e^-2|x| and the sign of x, or a polynomial where x is small.
func (c *code) tanh(x reg.VecVirtual) reg.VecVirtual {
	// For |x| < 0.625: x + x*z*P(z), z = x*x.
	z, small := c.reg(), c.reg()
	VMULPS(x, x, z)
	VMOVUPS(constant("tanh0"), small)
	for i := 1; i < len(tanhPoly); i++ {
		VFMADD213PS(constant(fmt.Sprintf("tanh%d", i)), z, small)
	}
	VMULPS(z, small, small)
	VFMADD213PS(x, x, small)
	e, one, d := c.reg(), c.reg(), c.reg()
	VORPS(constant("sign"), x, e)
	VADDPS(e, e, e)
	c.exp(e, true)
	VMOVUPS(constant("one"), one)
	VADDPS(e, one, d)
	VSUBPS(e, one, one)
	VDIVPS(d, one, d)
	sign := c.reg()
	VANDPS(constant("sign"), x, sign)
	VORPS(sign, d, d)
	abs, bound := c.magnitude(x), c.reg()
	VSUBPS(constant("tanhsmall"), abs, bound) // negative where |x| is small
	return c.choose(bound, small, d)
}

// geluArgument is u = x*(A + B*x*x), of which GELU(x) = x*sigmoid(u).
func (c *code) geluArgument(x reg.VecVirtual) (u, square reg.VecVirtual) {
	u, square = c.reg(), c.reg()
	VMULPS(x, x, square)
	VMOVUPS(constant("gelub"), u)
	VFMADD213PS(constant("gelua"), square, u)
	VMULPS(x, u, u)
	return u, square
}

func activations(bits int) {
	type regs = []reg.VecVirtual
	x := []string{"x"}
	pass(bits, "exp", x, false, 1, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual {
		c.exp(x[0], false)
		return x[0]
	})
	pass(bits, "tanh", x, false, 1, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual { return c.tanh(x[0]) })
	pass(bits, "sigmoid", x, false, 1, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual { return c.sigmoid(x[0]) })
	pass(bits, "silu", x, false, 1, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual {
		s := c.sigmoid(x[0])
		VMULPS(s, x[0], s)
		return s
	})
	pass(bits, "gelu", x, false, 1, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual {
		u, _ := c.geluArgument(x[0])
		s := c.sigmoid(u)
		VMULPS(s, x[0], s)
		return s
	})
}

func gradients(bits int) {
	type regs = []reg.VecVirtual
	fromX, fromY := []string{"dst", "dy", "x"}, []string{"dst", "dy", "y"}
	// less1 is a - b*c.
	minus := func(c *code, a Op, b, d reg.VecVirtual) reg.VecVirtual {
		r := c.reg()
		VMOVUPS(a, r)
		VFNMADD231PS(b, d, r)
		return r
	}
	pass(bits, "tanhGrad", fromY, false, 2, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual {
		d := minus(c, constant("one"), x[2], x[2])
		VFMADD231PS(d, x[1], x[0])
		return x[0]
	})
	pass(bits, "sigmoidGrad", fromY, false, 2, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual {
		d := minus(c, x[2], x[2], x[2])
		VFMADD231PS(d, x[1], x[0])
		return x[0]
	})
	// s*(1 + x*(1-s)) = s + x*(s - s*s)
	pass(bits, "siluGrad", fromX, false, 1, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual {
		c.clamp(x[2], "veryfar")
		s := c.sigmoid(x[2])
		d := minus(c, s, s, s)
		VFMADD213PS(s, x[2], d)
		VFMADD231PS(d, x[1], x[0])
		return x[0]
	})
	// s + x*(s - s*s)*(A + 3*B*x*x)
	pass(bits, "geluGrad", fromX, false, 1, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual {
		c.clamp(x[2], "far")
		u, square := c.geluArgument(x[2])
		s := c.sigmoid(u)
		slope := c.reg()
		VMOVUPS(constant("gelub3"), slope)
		VFMADD213PS(constant("gelua"), square, slope)
		d := minus(c, s, s, s)
		VMULPS(x[2], slope, slope)
		VFMADD213PS(s, slope, d)
		VFMADD231PS(d, x[1], x[0])
		return x[0]
	})
}
