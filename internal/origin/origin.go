// Package origin keeps the digits of large coordinates that float32 would lose,
// by measuring points from a common origin in float64. The rule is that of
// package pointcloud, under "Large coordinates".
package origin

import (
	"math"
	"strconv"
)

const (
	// Coarse is from where on the steps of float32 are a thousandth or more.
	// Smaller coordinates are what they are in float32.
	Coarse = 1 << 13

	// Whole is from where on float64 has whole numbers alone, and an origin would
	// be of no use.
	Whole = 1 << 53
)

// Relative returns a coordinate, measured from an origin.
func Relative(x, origin float64) float32 {
	if math.Abs(x) < Coarse {
		x = float64(float32(x))
	}
	return float32(x - origin)
}

// useful reports whether an origin is large enough, and not too large.
func useful(o float64) bool { return math.Abs(o) >= Coarse && math.Abs(o) < Whole }

// Settle returns a place as an origin, in whole numbers and without those that
// float32 has no need of, and what is left of it.
func Settle(place [3]float64) (origin, rest [3]float64) {
	for k, x := range place {
		if o := math.Round(x); useful(o) {
			origin[k] = o
		}
		rest[k] = x - origin[k]
	}
	return origin, rest
}

// Place returns the coordinate of fewest decimal places of those that [Relative]
// measures as v from an origin, or their sum where float64 has none: what a file
// said comes back if float32 has all of it.
func Place(v float32, origin float64) float64 {
	x := origin + float64(v)
	for power := 1.0; ; power *= 10 { // exact up to 1e22
		scaled := math.Round(x * power)
		if !(math.Abs(scaled) < 1<<53) || power > 1e22 {
			return x
		}
		if short := scaled / power; Relative(short, origin) == v {
			return short
		}
	}
}

// Append appends a coordinate that was measured from an origin, as text of which
// a reader makes the same again.
func Append(b []byte, v float32, origin float64) []byte {
	if origin == 0 {
		return AppendFloat32(b, v)
	}
	x := Place(v, origin)
	format := byte('f')
	if math.Abs(x) >= 1e15 {
		format = 'g'
	}
	return strconv.AppendFloat(b, x, format, -1, 64)
}

// AppendFloat32 appends a number in the fewest digits that give the same float32
// back. A large one, of which a reader of coordinates keeps the digits, has all of
// them: fewer would be of another place.
func AppendFloat32(b []byte, v float32) []byte {
	bits := 32
	if a := math.Abs(float64(v)); a >= Coarse && a < 2*Whole {
		bits = 64
	}
	return strconv.AppendFloat(b, float64(v), 'g', -1, bits)
}
