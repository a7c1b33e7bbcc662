package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// adam writes a step of AdamW: m = beta1*m + (1-beta1)*g, v = beta2*v + (1-beta2)*g*g,
// p = keep*p - step*m/(sqrt(v*inverse) + eps). The seven numbers lie at numbers, in this order: beta1, 1-beta1, beta2,
// 1-beta2, inverse, eps, keep, step.
func adam(bits int) {
	c := function(bits, "adam", "p, grad, m, v *float32, n int, numbers *[8]float32")
	p, grad, m, v, n, numbers := pointer("p"), pointer("grad"), pointer("m"), pointer("v"), pointer("n"), pointer("numbers")
	c.masks(n)
	number := func(i int) reg.VecVirtual {
		x := c.reg()
		VBROADCASTSS(Mem{Base: numbers, Disp: 4 * i}, x)
		return x
	}
	c.each(n, 1, []reg.GPVirtual{p, grad, m, v}, func(i int) {
		d := c.load(c.at(grad, i))
		first, second := c.load(c.at(m, i)), c.load(c.at(v, i))
		t, u := c.reg(), c.reg()
		VMULPS(number(0), first, first)
		VMULPS(number(1), d, t)
		VADDPS(t, first, first)
		c.store(first, m, i)
		VMULPS(number(2), second, second)
		VMULPS(d, d, u)
		VMULPS(number(3), u, u)
		VADDPS(u, second, second)
		c.store(second, v, i)
		VMULPS(number(4), second, second)
		VSQRTPS(second, second)
		VADDPS(number(5), second, second)
		VMULPS(number(7), first, first)
		VDIVPS(second, first, first)
		w := c.load(c.at(p, i))
		VMULPS(number(6), w, w)
		VSUBPS(first, w, w)
		c.store(w, p, i)
	})
	c.done()
}
