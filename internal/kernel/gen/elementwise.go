package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pass writes a function over n elements of slices, some with a factor that every element meets. body gets a register of
// each source and returns what goes to dst.
func pass(bits int, name string, sources []string, factor bool, unroll int, body func(c *code, factor reg.VecVirtual, x []reg.VecVirtual) reg.VecVirtual) {
	signature := "dst"
	for _, s := range sources {
		if s != "dst" {
			signature += ", " + s
		}
	}
	signature += " *float32, n int"
	if factor {
		signature += ", factor float32"
	}
	c := function(bits, name, signature)
	dst, n := pointer("dst"), pointer("n")
	pointers := []reg.GPVirtual{dst}
	from := make([]reg.GPVirtual, len(sources))
	for i, s := range sources {
		from[i] = dst
		if s != "dst" {
			from[i] = pointer(s)
			pointers = append(pointers, from[i])
		}
	}
	var f reg.VecVirtual
	if factor {
		f = c.broadcast("factor")
	}
	c.masks(n)
	c.each(n, unroll, pointers, func(i int) {
		x := make([]reg.VecVirtual, len(from))
		for j, p := range from {
			x[j] = c.load(c.at(p, i))
		}
		c.store(body(c, f, x), dst, i)
	})
	c.done()
}

func elementwise(bits int) {
	type regs = []reg.VecVirtual
	pass(bits, "add", []string{"x", "y"}, false, 4, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual {
		VADDPS(x[1], x[0], x[0])
		return x[0]
	})
	pass(bits, "mul", []string{"x", "y"}, false, 4, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual {
		VMULPS(x[1], x[0], x[0])
		return x[0]
	})
	pass(bits, "mulAdd", []string{"dst", "x", "y"}, false, 4, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual {
		VFMADD231PS(x[2], x[1], x[0])
		return x[0]
	})
	pass(bits, "axpy", []string{"dst", "x"}, true, 4, func(c *code, a reg.VecVirtual, x regs) reg.VecVirtual {
		VFMADD231PS(x[1], a, x[0])
		return x[0]
	})
	pass(bits, "scale", []string{"x"}, true, 4, func(c *code, a reg.VecVirtual, x regs) reg.VecVirtual {
		VMULPS(x[0], a, x[0])
		return x[0]
	})
	pass(bits, "larger", []string{"x", "y"}, false, 4, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual {
		m := c.reg()
		VMAXPS(x[0], x[1], m) // which is x[0] where either is NaN
		if bits == 512 {
			k := K()
			VCMPPS(Imm(unordered), x[1], x[1], k)
			VMOVAPS(x[1], k, m)
			return m
		}
		nan := c.reg()
		VCMPPS(Imm(unordered), x[1], x[1], nan)
		VBLENDVPS(nan, x[1], m, m)
		return m
	})
	pass(bits, "addEqual", []string{"dst", "s", "x", "y"}, false, 2, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual {
		if bits == 512 {
			k := K()
			VCMPPS(Imm(equal), x[3], x[2], k)
			VADDPS(x[1], x[0], k, x[0])
			return x[0]
		}
		VCMPPS(Imm(equal), x[3], x[2], x[2])
		VANDPS(x[1], x[2], x[1])
		VADDPS(x[1], x[0], x[0])
		return x[0]
	})
	pass(bits, "relu", []string{"x"}, false, 4, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual {
		return c.positive(x[0])
	})
	pass(bits, "reluGrad", []string{"dst", "dy", "y"}, false, 4, func(c *code, _ reg.VecVirtual, x regs) reg.VecVirtual {
		zero := c.reg()
		c.zero(zero)
		if bits == 512 {
			k := K()
			VCMPPS(Imm(less), x[2], zero, k)
			VADDPS(x[1], x[0], k, x[0])
			return x[0]
		}
		VCMPPS(Imm(less), x[2], zero, zero)
		VANDPS(x[1], zero, x[1])
		VADDPS(x[1], x[0], x[0])
		return x[0]
	})
}

// Predicates of a and b in VCMPPS(predicate, b, a, d).
const (
	less      = 0x11 // a < b, false for NaN
	equal     = 0x00 // a = b, false for NaN
	unordered = 0x03 // either is NaN
)

// positive is max(x, 0), and NaN for NaN.
func (c *code) positive(x reg.VecVirtual) reg.VecVirtual {
	zero := c.reg()
	c.zero(zero)
	VMAXPS(x, zero, x)
	return x
}
