package number

import (
	"math"
	"strconv"

	"setwise/pointcloud"
)

// Powers of ten that float64 holds exactly.
var pow10 = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// Float32 returns the float32 nearest to a decimal number, exactly as
// strconv.ParseFloat does, and false for any other word and for numbers beyond
// float32. It is zero or between 1e-22 and 1e38, which float32 holds at full
// precision, if [decimal] knows it; rounding that again is harmless unless it
// lies exactly between two float32. The rest is left to strconv.
func Float32(word []byte) (float32, bool) {
	v, known := decimal(word)
	if !known || between(v) {
		return slow(word, v)
	}
	return float32(v), true
}

// Coordinate is [Float32] for coordinates, whose digits are kept where they are
// large: it returns the float32 as float64 if that is below [pointcloud.Large], and
// else the nearest float64 of which it is the nearest float32.
func Coordinate(word []byte) (float64, bool) {
	v, known := decimal(word)
	if !known || between(v) {
		near, ok := slow(word, v)
		if !ok || math.Abs(float64(near)) < pointcloud.Large {
			return float64(near), ok
		}
		v, _ = strconv.ParseFloat(string(word), 64) // which has the form of a number
		if float32(v) != near {                     // it lies between two, but the word does not
			v = math.Nextafter(v, float64(near))
		}
		return v, true
	}
	if math.Abs(v) < pointcloud.Large {
		v = float64(float32(v))
	}
	return v, true
}

// between reports whether v lies exactly between two float32.
func between(v float64) bool {
	const between, below = 1 << 28, 1<<29 - 1 // the bits that float32 lacks
	return math.Float64bits(v)&below == between
}

// decimal returns the float64 nearest to a decimal number, and whether it is
// known: NaN stands for a word that is no number at all, and others are left to
// strconv.
//
// Most numbers are a whole number below 2^53 times or over a power of ten up
// to 10^22. Both are exact in float64, so the result is rounded once.
func decimal(word []byte) (v float64, known bool) {
	i, negative := 0, false
	if len(word) > 0 && (word[0] == '-' || word[0] == '+') {
		negative = word[0] == '-'
		i = 1
	}
	var mantissa uint64
	digits, exponent, point := 0, 0, -1
	for ; i < len(word); i++ {
		c := word[i]
		if d := c - '0'; d <= 9 {
			digits++
			if mantissa < 1<<59 { // too large for the short way in any case
				mantissa = 10*mantissa + uint64(d)
			}
		} else if c == '.' && point < 0 {
			point = digits
		} else {
			break
		}
	}
	if digits == 0 {
		return math.NaN(), false
	}
	if point >= 0 {
		exponent = point - digits
	}
	if i < len(word) {
		e, ok := decimalExponent(word[i:])
		if !ok {
			return math.NaN(), false
		}
		exponent += e
	}
	if mantissa >= 1<<53 || exponent < -22 || exponent > 22 {
		return 0, false
	}
	v = float64(mantissa)
	if exponent < 0 {
		v /= pow10[-exponent]
	} else {
		v *= pow10[exponent]
	}
	if negative {
		v = -v
	}
	return v, true
}

// decimalExponent returns the value of "e", an optional sign and digits.
func decimalExponent(word []byte) (int, bool) {
	if word[0]|0x20 != 'e' {
		return 0, false
	}
	word = word[1:]
	sign := 1
	if len(word) > 0 && (word[0] == '-' || word[0] == '+') {
		if word[0] == '-' {
			sign = -1
		}
		word = word[1:]
	}
	if len(word) == 0 {
		return 0, false
	}
	e := 0
	for _, c := range word {
		if c < '0' || c > '9' {
			return 0, false
		}
		e = min(10*e+int(c-'0'), 1<<20)
	}
	return sign * e, true
}

// slow reads a word that has the form of a decimal number, unless v is NaN.
func slow(word []byte, v float64) (float32, bool) {
	if v != v {
		return 0, false
	}
	near, err := strconv.ParseFloat(string(word), 32)
	return float32(near), err == nil
}
