package number

import "math"

// A Half is a number of half precision, binary16 of IEEE 754: a sign, 5 bits of
// exponent and 10 of fraction.
type Half uint16

// Float32 returns the value, which float32 holds exactly.
func (h Half) Float32() float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0: // zero, or a subnormal in steps of 2^-24
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)/(1<<24)))
	case 0x1f: // infinity or NaN
		exponent = 0xff
	default:
		exponent += 127 - 15
	}
	return math.Float32frombits(sign | exponent<<23 | fraction<<13)
}
