package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// nearer lowers squared distances in float64 to those of points from a place, eight points at a time, and writes the
// largest of each of eight lanes with its number, the first of equal ones.
func nearer(bits int) {
	c := function(bits, "nearer", "near *float64, x, y, z *float32, blocks int, px, py, pz float64, best *float64, at *int64")
	near, blocks := pointer("near"), pointer("blocks")
	from := []reg.GPVirtual{pointer("x"), pointer("y"), pointer("z")}
	var place []reg.VecVirtual
	for _, name := range []string{"px", "py", "pz"} {
		p, err := Param(name).Resolve()
		if err != nil {
			panic(err)
		}
		v := c.reg()
		VBROADCASTSD(p.Addr, v)
		place = append(place, v)
	}
	fill := func(x uint64) reg.VecVirtual {
		r, v := GP64(), c.reg()
		MOVQ(U64(x), r)
		if bits == 512 {
			VPBROADCASTQ(r, v)
		} else {
			VMOVQ(r, v.AsX())
			VPBROADCASTQ(v.AsX(), v)
		}
		return v
	}
	registers := 512 / bits
	lanes := 8 / registers
	step := fill(8)
	var best, at, numbers []reg.VecVirtual
	for i := range registers {
		best = append(best, fill(math.Float64bits(math.Inf(-1))))
		n, a := c.reg(), c.reg()
		VPMOVZXBQ(constant("count").Offset(lanes*i), n)
		VMOVUPD(n, a)
		numbers, at = append(numbers, n), append(at, a)
	}
	TESTQ(blocks, blocks)
	JZ(LabelRef("end"))
	Label("block")
	for i := range registers {
		var sum reg.VecVirtual
		for k, p := range from {
			v := c.reg()
			VCVTPS2PD(Mem{Base: p, Disp: 4 * lanes * i}, v)
			VSUBPD(place[k], v, v)
			VMULPD(v, v, v)
			if k == 0 {
				sum = v
			} else {
				VADDPD(v, sum, sum)
			}
		}
		m := c.reg()
		VMOVUPD(c.at(near, i), m)
		VMINPD(m, sum, m)
		VMOVUPD(m, c.at(near, i))
		if bits == 512 {
			k := K()
			VCMPPD(Imm(less), m, best[i], k)
			VMOVAPD(m, k, best[i])
			VMOVDQA64(numbers[i], k, at[i])
		} else {
			more := c.reg()
			VCMPPD(Imm(less), m, best[i], more)
			VBLENDVPD(more, m, best[i], best[i])
			VBLENDVPD(more, numbers[i], at[i], at[i])
		}
		VPADDQ(step, numbers[i], numbers[i])
	}
	ADDQ(Imm(64), near)
	for _, p := range from {
		ADDQ(Imm(32), p)
	}
	DECQ(blocks)
	JNZ(LabelRef("block"))
	Label("end")
	to, number := pointer("best"), pointer("at")
	for i := range registers {
		VMOVUPD(best[i], c.at(to, i))
		VMOVUPD(at[i], c.at(number, i))
	}
	c.done()
}
