package number

import (
	"math"
	"strconv"

	"setwise/pointcloud"
)

// Place returns the coordinate of fewest decimal places of those that
// [pointcloud.Relative] measures as v from an origin, or their sum where float64
// has none: what a file said comes back if float32 has all of it.
func Place(v float32, origin float64) float64 {
	x := origin + float64(v)
	for power := 1.0; ; power *= 10 { // exact up to 1e22
		scaled := math.Round(x * power)
		if !(math.Abs(scaled) < 1<<53) || power > 1e22 {
			return x
		}
		if short := scaled / power; pointcloud.Relative(short, origin) == v {
			return short
		}
	}
}

// AppendCoordinate appends a coordinate that was measured from an origin, as text of which
// a reader makes the same again.
func AppendCoordinate(b []byte, v float32, origin float64) []byte {
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
	if a := math.Abs(float64(v)); a >= pointcloud.Large && a < 1<<54 {
		bits = 64
	}
	return strconv.AppendFloat(b, float64(v), 'g', -1, bits)
}

// AppendVector appends three numbers, each after a blank, in the fewest digits
// that give the same float32 back.
func AppendVector(b []byte, v [3]float32) []byte {
	for _, x := range v {
		b = strconv.AppendFloat(append(b, ' '), float64(x), 'g', -1, 32)
	}
	return b
}

// AppendPlace appends three coordinates that were measured from an origin, each
// after a blank: see [AppendCoordinate].
func AppendPlace(b []byte, v [3]float32, from [3]float64) []byte {
	for k, x := range v {
		b = AppendCoordinate(append(b, ' '), x, from[k])
	}
	return b
}
