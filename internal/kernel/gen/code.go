package main

import (
	"fmt"
	"math/bits"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// code is one function being written for an instruction set of the given register width.
type code struct {
	bits  int
	loops int // for names of labels
	exact int // likewise, of exact stores

	rows bool              // rows follow each other: see store
	n    reg.GPVirtual     // elements of a row
	tail bool              // the masks below are in force
	km   reg.OpmaskVirtual // AVX-512: the lanes of the last block
	mp   reg.GPVirtual     // AVX2: where the masks of the last block lie in memory
	vm   reg.VecVirtual    // AVX2: the mask of the current part
}

// function starts a function. Pointers given to it do not escape.
func function(bits int, name, signature string) *code {
	TEXT(fmt.Sprintf("%s%d", name, bits), NOSPLIT, "func("+signature+")")
	Pragma("noescape")
	return &code{bits: bits}
}

// done ends a function.
func (c *code) done() {
	VZEROUPPER()
	RET()
}

func (c *code) width() int { return c.bits / 8 }   // bytes of a register
func (c *code) parts() int { return 512 / c.bits } // registers of a vector

// part is the register of a vector that register i of an unrolled loop belongs to.
func (c *code) part(i int) int { return i % c.parts() }

func (c *code) reg() reg.VecVirtual {
	if c.bits == 512 {
		return ZMM()
	}
	return YMM()
}

// vector returns the registers of n vectors, set to zero.
func (c *code) zeros(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n*c.parts())
	for i := range v {
		v[i] = c.reg()
		c.zero(v[i])
	}
	return v
}

func (c *code) zero(x reg.VecVirtual) {
	if c.bits == 512 {
		VPXORD(x, x, x)
	} else {
		VXORPS(x, x, x)
	}
}

// pointer loads a pointer or an integer parameter.
func pointer(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }

// broadcast loads a float32 parameter into every lane.
func (c *code) broadcast(name string) reg.VecVirtual {
	p, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	x := c.reg()
	VBROADCASTSS(p.Addr, x)
	return x
}

// at is register i of the data at p.
func (c *code) at(p reg.GPVirtual, i int) Mem { return Mem{Base: p, Disp: i * c.width()} }

// load reads a register; in the last block, lanes beyond the end are zero and are not touched.
func (c *code) load(m Mem) reg.VecVirtual {
	x := c.reg()
	switch {
	case !c.tail:
		VMOVUPS(m, x)
	case c.bits == 512:
		VMOVUPS_Z(m, c.km, x)
	default:
		VMASKMOVPS(m, c.vm, x)
	}
	return x
}

// store writes register i of the data at p, in the last block only the lanes before the end.
//
// A store under a mask holds up loads behind it that touch the lanes it leaves alone, and so the next row where rows lie
// close together; on some processors AVX2 takes long over one anyway. There the last lanes are written by stores of
// eight, four, two and one.
func (c *code) store(x reg.VecVirtual, p reg.GPVirtual, i int) {
	switch {
	case !c.tail:
		VMOVUPS(x, c.at(p, i))
	case c.bits == 512 && !c.rows:
		VMOVUPS(x, c.km, c.at(p, i))
	default:
		c.storeExact(x, p, i)
	}
}

func (c *code) storeExact(x reg.VecVirtual, p reg.GPVirtual, i int) {
	c.exact++
	name := func(s string) string { return fmt.Sprintf("%s%d", s, c.exact) }
	to := GP64()
	LEAQ(c.at(p, i), to)
	y := YMM()
	if c.bits == 512 {
		VMOVAPS(x.AsY(), y)
		TESTQ(U32(8), c.n)
		JZ(LabelRef(name("four")))
		VMOVUPS(y, Mem{Base: to})
		VEXTRACTF64X4(Imm(1), x, y)
		ADDQ(Imm(32), to)
	} else {
		VMOVAPS(x, y)
		TESTQ(U32(8), c.n)
		if i == 0 {
			JZ(LabelRef(name("four")))
			VMOVUPS(y, Mem{Base: to})
			JMP(LabelRef(name("stored")))
		} else {
			JZ(LabelRef(name("stored")))
		}
	}
	Label(name("four"))
	z := XMM()
	VMOVAPS(y.AsX(), z)
	TESTQ(U32(4), c.n)
	JZ(LabelRef(name("two")))
	VMOVUPS(z, Mem{Base: to})
	VEXTRACTF128(Imm(1), y, z)
	ADDQ(Imm(16), to)
	Label(name("two"))
	TESTQ(U32(2), c.n)
	JZ(LabelRef(name("one")))
	VMOVLPS(z, Mem{Base: to})
	VPERMILPS(Imm(0x4e), z, z)
	ADDQ(Imm(8), to)
	Label(name("one"))
	TESTQ(U32(1), c.n)
	JZ(LabelRef(name("stored")))
	VMOVSS(z, Mem{Base: to})
	Label(name("stored"))
}

// clip clears the lanes of x beyond the end.
func (c *code) clip(x reg.VecVirtual) {
	switch {
	case !c.tail:
	case c.bits == 512:
		VMOVAPS_Z(x, c.km, x)
	default:
		VANDPS(c.vm, x, x)
	}
}

// masks prepares the masks of the last block of n elements. Call it once, before the loops over n.
func (c *code) masks(n reg.GPVirtual) {
	r := GP64()
	MOVQ(n, r)
	ANDQ(Imm(15), r)
	c.n = n
	if c.bits == 512 {
		m := GP32()
		MOVL(U32(0xffff), m)
		BZHIL(r.As32(), m, m)
		c.km = K()
		KMOVW(m, c.km)
		return
	}
	c.mp = GP64()
	LEAQ(constant("mask").Offset(64), c.mp)
	SHLQ(Imm(2), r)
	SUBQ(r, c.mp)
}

// each writes body over n elements, a register at a time: i counts the registers of unroll vectors in the loop, those of
// one vector in the loop over what is left, and those of the last block, when tail is set. The pointers move on.
func (c *code) each(n reg.GPVirtual, unroll int, pointers []reg.GPVirtual, body func(i int)) {
	c.loops++
	name := func(s string) string { return fmt.Sprintf("%s%d", s, c.loops) }
	last, end := name("last"), name("end")
	count := GP64()
	loop := func(label, next string, u int) {
		JZ(LabelRef(next))
		Label(label)
		for i := range u * c.parts() {
			body(i)
		}
		for _, p := range pointers {
			ADDQ(I32(int32(64*u)), p)
		}
		DECQ(count)
		JNZ(LabelRef(label))
		Label(next)
	}
	MOVQ(n, count)
	if unroll > 1 {
		shift := bits.TrailingZeros(uint(unroll)) + 4
		SHRQ(Imm(uint64(shift)), count)
		loop(name("blocks"), name("rest"), unroll)
		MOVQ(n, count)
		ANDQ(I32(int32(16*unroll-1)), count)
	}
	SHRQ(Imm(4), count)
	loop(name("block"), last, 1)
	TESTQ(U32(15), n)
	JZ(LabelRef(end))
	c.tail = true
	for i := range c.parts() {
		if c.bits == 256 {
			c.vm = YMM()
			VMOVUPS(Mem{Base: c.mp, Disp: 32 * i}, c.vm)
		}
		body(i)
	}
	c.tail = false
	Label(end)
}

// eachRow writes body for every one of rows rows.
func (c *code) eachRow(rows reg.GPVirtual, body func()) {
	c.rows = true
	TESTQ(rows, rows)
	JZ(LabelRef("rowsdone"))
	Label("row")
	body()
	DECQ(rows)
	JNZ(LabelRef("row"))
	Label("rowsdone")
}

// fold adds up (or takes the largest of) the lanes of the vectors v, into lane 0 of every lane of the result: first the
// vectors pairwise, then halves of the vector left.
func (c *code) fold(v []reg.VecVirtual, op func(a, b, d Op)) reg.VecVirtual {
	p := c.parts()
	for len(v) > p {
		half := len(v) / 2
		for i := range half {
			op(v[half+i], v[i], v[i])
		}
		v = v[:half]
	}
	y, t := YMM(), YMM()
	if c.bits == 512 {
		VEXTRACTF64X4(Imm(1), v[0], t)
		op(t, v[0].AsY(), y)
	} else {
		op(v[1], v[0], y)
	}
	for _, half := range []func(t reg.VecVirtual){
		func(t reg.VecVirtual) { VPERM2F128(Imm(1), y, y, t) },
		func(t reg.VecVirtual) { VPERMILPS(Imm(0x4e), y, t) },
		func(t reg.VecVirtual) { VPERMILPS(Imm(0xb1), y, t) },
	} {
		t := YMM()
		half(t)
		op(t, y, y)
	}
	return y
}

// spread copies lane 0 of x into every lane.
func (c *code) spread(x reg.VecVirtual) reg.VecVirtual {
	d := c.reg()
	VBROADCASTSS(x.AsX(), d)
	return d
}

func plus(a, b, d Op)    { VADDPS(a, b, d) }
func largest(a, b, d Op) { VMAXPS(a, b, d) }
