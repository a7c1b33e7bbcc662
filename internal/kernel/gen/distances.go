package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// packing is, for each mask of eight lanes, the numbers of the lanes in it, as bytes.
func packing() Mem {
	m := GLOBL("packing", RODATA|NOPTR)
	for mask := range 256 {
		var lanes uint64
		for l, n := 0, 0; l < 8; l++ {
			if mask>>l&1 == 1 {
				lanes |= uint64(l) << (8 * n)
				n++
			}
		}
		DATA(8*mask, U64(lanes))
	}
	return m
}

// within writes the numbers and the squared distances of those of n points that are not farther from a place than limit,
// one behind the other. Registers are written whole: the next overwrites what is too much.
func within(bits int) {
	var table reg.GPVirtual
	var lanes Mem
	if bits == 256 {
		lanes = packing()
	}
	c := function(bits, "within", "at *int32, d, x, y, z *float32, n int, px, py, pz, limit float32) (found int")
	at, d, n := pointer("at"), pointer("d"), pointer("n")
	from := []reg.GPVirtual{pointer("x"), pointer("y"), pointer("z")}
	place := []reg.VecVirtual{c.broadcast("px"), c.broadcast("py"), c.broadcast("pz")}
	limit := c.broadcast("limit")
	numbers, step := c.reg(), c.reg()
	first := GP32()
	XORL(first, first)
	if bits == 512 {
		VPMOVZXBD(constant("count"), numbers)
		MOVL(U32(16), first)
		VPBROADCASTD(first, step)
	} else {
		table = GP64()
		LEAQ(lanes, table)
		MOVL(U32(8), first)
		VMOVD(first, step.AsX())
		VPBROADCASTD(step.AsX(), step)
		VPXOR(numbers, numbers, numbers)
	}
	found := GP64()
	XORQ(found, found)
	c.masks(n)
	c.each(n, 1, from, func(i int) {
		sum := c.squareDistance(from, place, i)
		m, packed := GP64(), c.reg()
		if bits == 512 {
			k := K()
			if c.tail {
				VCMPPS(Imm(notAbove), limit, sum, c.km, k)
			} else {
				VCMPPS(Imm(notAbove), limit, sum, k)
			}
			VCOMPRESSPS_Z(sum, k, sum)
			VPCOMPRESSD_Z(numbers, k, packed)
			VMOVUPS(packed, Mem{Base: at, Index: found, Scale: 4})
			KMOVW(k, m.As32())
		} else {
			v := YMM()
			VCMPPS(Imm(notAbove), limit, sum, v)
			c.clip(v)
			VMOVMSKPS(v, m.As32())
			VPMOVZXBD(Mem{Base: table, Index: m, Scale: 8}, packed)
			VPERMPS(sum, packed, sum)
			VPADDD(numbers, packed, packed)
			VMOVUPS(packed, Mem{Base: at, Index: found, Scale: 4})
		}
		VMOVUPS(sum, Mem{Base: d, Index: found, Scale: 4})
		VPADDD(step, numbers, numbers)
		POPCNTL(m.As32(), m.As32())
		ADDQ(m, found)
	})
	Store(found, ReturnIndex(0))
	c.done()
}

// distanceScores writes (base - distance) * scale for the distances of n points from a place.
func distanceScores(bits int) {
	c := function(bits, "distanceScores", "s, base, x, y, z *float32, n int, px, py, pz, scale float32")
	s, base, n := pointer("s"), pointer("base"), pointer("n")
	from := []reg.GPVirtual{pointer("x"), pointer("y"), pointer("z")}
	place := []reg.VecVirtual{c.broadcast("px"), c.broadcast("py"), c.broadcast("pz")}
	scale := c.broadcast("scale")
	c.masks(n)
	c.each(n, 1, append([]reg.GPVirtual{s, base}, from...), func(i int) {
		d := c.squareDistance(from, place, i)
		VSQRTPS(d, d)
		v := c.load(c.at(base, i))
		VSUBPS(d, v, v)
		VMULPS(scale, v, v)
		c.store(v, s, i)
	})
	c.done()
}

// squareDistance is the sum of the squares of the differences of a register of points from a place.
func (c *code) squareDistance(from []reg.GPVirtual, place []reg.VecVirtual, i int) reg.VecVirtual {
	var sum reg.VecVirtual
	for k := range from {
		v := c.load(c.at(from[k], i))
		VSUBPS(place[k], v, v)
		VMULPS(v, v, v)
		if k > 0 {
			VADDPS(v, sum, sum)
		} else {
			sum = v
		}
	}
	return sum
}

// notAbove is the predicate a <= b of VCMPPS(notAbove, b, a, d), false for NaN.
const notAbove = 0x12

// ranks writes, for each of n numbers, how many are smaller.
func ranks(bits int) {
	c := function(bits, "ranks", "r *int32, d *float32, n int")
	r, d, n := pointer("r"), pointer("d"), pointer("n")
	c.masks(n)
	left, from := GP64(), GP64()
	MOVQ(n, left)
	MOVQ(d, from)
	TESTQ(left, left)
	JZ(LabelRef("done"))
	Label("number")
	x := c.reg()
	VBROADCASTSS(Mem{Base: from}, x)
	smaller, p := GP64(), GP64()
	XORQ(smaller, smaller)
	MOVQ(d, p)
	c.each(n, 1, []reg.GPVirtual{p}, func(i int) {
		v, m := c.load(c.at(p, i)), GP64()
		if bits == 512 {
			k := K()
			if c.tail {
				VCMPPS(Imm(less), x, v, c.km, k)
			} else {
				VCMPPS(Imm(less), x, v, k)
			}
			KMOVW(k, m.As32())
		} else {
			VCMPPS(Imm(less), x, v, v)
			c.clip(v)
			VMOVMSKPS(v, m.As32())
		}
		POPCNTL(m.As32(), m.As32())
		ADDQ(m, smaller)
	})
	MOVL(smaller.As32(), Mem{Base: r})
	ADDQ(Imm(4), r)
	ADDQ(Imm(4), from)
	DECQ(left)
	JNZ(LabelRef("number"))
	Label("done")
	c.done()
}
