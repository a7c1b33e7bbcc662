package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

var table = map[string]Mem{}

// constant is the sixteen lanes of a constant in memory.
func constant(name string) Mem {
	m, ok := table[name]
	if !ok {
		panic("no constant " + name)
	}
	return m
}

func lanes(name string, bits uint32) {
	m := GLOBL("lanes_"+name, RODATA|NOPTR)
	for i := range 16 {
		DATA(4*i, U32(bits))
	}
	table[name] = m
}

func number(name string, x float64) { lanes(name, math.Float32bits(float32(x))) }

// count is the numbers of sixteen lanes, as bytes.
func count() {
	m := GLOBL("lanes_count", RODATA|NOPTR)
	for i := range 16 {
		DATA(i, U8(uint8(i)))
	}
	table["count"] = m
}

// mask is sixteen lanes of ones and sixteen of zeros: read r lanes before the middle, it keeps the first r lanes.
func mask() {
	m := GLOBL("lanes_mask", RODATA|NOPTR)
	for i := range 32 {
		v := uint32(0xffffffff)
		if i >= 16 {
			v = 0
		}
		DATA(4*i, U32(v))
	}
	table["mask"] = m
}

// The minimax polynomials of exp (for (e^r-1-r)/r^2) and tanh (for (tanh(r)-r)/r^3, in r^2), highest power first, as
// published in the Cephes library by S. Moshier.
var (
	expPoly  = []float64{1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1}
	tanhPoly = []float64{-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1}
)

const (
	geluA = 1.5957691216057308 // 2*sqrt(2/pi)
	geluB = geluA * 0.044715
)

func constants() {
	mask()
	number("log2e", math.Log2E)
	number("ln2hi", 0.693359375)
	number("ln2lo", -2.12194440e-4)
	for i, c := range expPoly {
		number(fmt.Sprintf("exp%d", i), c)
	}
	for i, c := range tanhPoly {
		number(fmt.Sprintf("tanh%d", i), c)
	}
	number("one", 1)
	number("two", 2)
	number("low", -87.33654) // below it exp is zero
	number("high", 89)       // above it exp is infinite
	number("tanhsmall", 0.625)
	number("tanhlarge", 40)
	number("far", 16)
	number("veryfar", 100)
	number("gelua", geluA)
	number("gelub", geluB)
	number("gelub3", 3*geluB)
	lanes("neginf", 0xff800000)
	count()
	lanes("sign", 0x80000000)
	lanes("magnitude", 0x7fffffff)
}
