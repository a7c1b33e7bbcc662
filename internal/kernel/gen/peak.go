package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// peak writes a function of nothing but multiplications and additions that wait for nothing: twelve registers, n times.
// Benchmarks measure by it what a processor can do.
func peak(bits int) {
	c := function(bits, "peak", "n int")
	n := pointer("n")
	v := c.zeros(12 / c.parts())
	x := c.zeros(1)[0]
	Label("loop")
	for _, s := range v {
		VFMADD231PS(x, x, s)
	}
	DECQ(n)
	JNZ(LabelRef("loop"))
	c.done()
}
