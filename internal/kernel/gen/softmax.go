package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func softmax(bits int) {
	softmaxMerge(bits)
	expRows(bits, "expSumRows", true)
	expRows(bits, "expRows", false)
	softmaxGrad(bits)
}

// finite replaces -Inf by 0, so that -Inf less it stays -Inf.
func (c *code) finite(t reg.VecVirtual) {
	if c.bits == 512 {
		k := K()
		VCMPPS(Imm(notEqual), constant("neginf"), t, k)
		VMOVAPS_Z(t, k, t)
		return
	}
	m := c.reg()
	VCMPPS(Imm(notEqual), constant("neginf"), t, m)
	VANDPS(m, t, t)
}

const notEqual = 4

// softmaxMerge takes the step of an online softmax for n rows whose largest scores are in fix:
// t = max(top, scale*fix), fix = exp(top - t), sum = sum*fix, top = t.
func softmaxMerge(bits int) {
	c := function(bits, "softmaxMerge", "fix, top, sum *float32, n int, scale float32")
	fix, top, sum, n := pointer("fix"), pointer("top"), pointer("sum"), pointer("n")
	scale := c.broadcast("scale")
	c.masks(n)
	c.each(n, 1, []reg.GPVirtual{fix, top, sum}, func(i int) {
		m, old := c.load(c.at(fix, i)), c.load(c.at(top, i))
		t := c.reg()
		VMULPS(scale, m, m)
		VMAXPS(old, m, t)
		c.store(t, top, i)
		c.finite(t)
		VSUBPS(t, old, old)
		c.exp(old, true)
		c.store(old, fix, i)
		s := c.load(c.at(sum, i))
		VMULPS(old, s, s)
		c.store(s, sum, i)
	})
	c.done()
}

// expRows sets each row to exp(scale*s - shift), and adds its sum to sum when sums is set. A shift of -Inf counts as 0.
func expRows(bits int, name string, sums bool) {
	signature := "s *float32, rows, cols int, stride uintptr, scale float32, shift *float32"
	if sums {
		signature += ", sum *float32"
	}
	c := function(bits, name, signature)
	s0, rows, cols, stride, shift := pointer("s"), pointer("rows"), pointer("cols"), pointer("stride"), pointer("shift")
	var sum reg.GPVirtual
	if sums {
		sum = pointer("sum")
	}
	scale := c.broadcast("scale")
	c.masks(cols)
	c.eachRow(rows, func() {
		s, t := GP64(), c.reg()
		MOVQ(s0, s)
		VBROADCASTSS(Mem{Base: shift}, t)
		c.finite(t)
		var total []reg.VecVirtual
		if sums {
			total = c.zeros(1)
		}
		c.each(cols, 1, []reg.GPVirtual{s}, func(i int) {
			v := c.load(c.at(s, i))
			VMULPS(scale, v, v) // rounded before the difference: the largest score gives exactly 1
			VSUBPS(t, v, v)
			c.exp(v, true)
			c.store(v, s, i)
			if sums {
				c.clip(v)
				VADDPS(v, total[i], total[i])
			}
		})
		if sums {
			x := c.fold(total, plus)
			VADDSS(Mem{Base: sum}, x.AsX(), x.AsX())
			VMOVSS(x.AsX(), Mem{Base: sum})
			ADDQ(Imm(4), sum)
		}
		ADDQ(Imm(4), shift)
		ADDQ(stride, s0)
	})
	c.done()
}

// softmaxGrad sets each row of dp to scale*p*(dp - delta).
func softmaxGrad(bits int) {
	c := function(bits, "softmaxGrad", "dp, p *float32, rows, cols int, stride uintptr, scale float32, delta *float32")
	dp0, p0 := pointer("dp"), pointer("p")
	rows, cols, stride, delta := pointer("rows"), pointer("cols"), pointer("stride"), pointer("delta")
	scale := c.broadcast("scale")
	c.masks(cols)
	c.eachRow(rows, func() {
		dp, p, d := GP64(), GP64(), c.reg()
		MOVQ(dp0, dp)
		MOVQ(p0, p)
		VBROADCASTSS(Mem{Base: delta}, d)
		c.each(cols, 2, []reg.GPVirtual{dp, p}, func(i int) {
			v, w := c.load(c.at(dp, i)), c.load(c.at(p, i))
			VSUBPS(d, v, v)
			VMULPS(scale, w, w)
			VMULPS(w, v, v)
			c.store(v, dp, i)
		})
		ADDQ(Imm(4), delta)
		ADDQ(stride, dp0)
		ADDQ(stride, p0)
	})
	c.done()
}
