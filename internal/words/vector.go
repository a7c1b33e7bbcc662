package words

import (
	"bytes"
	"math"
	"strconv"

	"setwise/internal/origin"
)

// Whole returns a whole number, with or without a sign, and false for any other
// word and for numbers beyond an int.
func Whole(word []byte) (int, bool) {
	negative := false
	if len(word) > 0 && (word[0] == '-' || word[0] == '+') {
		negative = word[0] == '-'
		word = word[1:]
	}
	n := 0
	for _, c := range word {
		d := int(c - '0')
		if d > 9 || n > (math.MaxInt-d)/10 {
			return 0, false
		}
		n = 10*n + d
	}
	if negative {
		n = -n
	}
	return n, len(word) > 0
}

// Loose is [Number], but gives NaN for what C libraries print for what is
// infinite or not a number, see [NotFinite].
func Loose(word []byte) (float32, bool) {
	v, ok := Number(word)
	if ok {
		return v, true
	}
	if _, ok := NotFinite(word); ok {
		return float32(math.NaN()), true
	}
	return 0, false
}

// NotFinite returns the value that is infinite or not a number for a word that
// C libraries print for it, in any case: nan, nan(...), inf, infinity,
// 1.#QNAN, 1.#SNAN, 1.#IND, 1.#INF, with or without a sign.
func NotFinite(word []byte) (float64, bool) {
	sign := 1
	if len(word) > 0 && (word[0] == '-' || word[0] == '+') {
		if word[0] == '-' {
			sign = -1
		}
		word = word[1:]
	}
	lower := bytes.ToLower(word)
	if bytes.HasPrefix(lower, []byte("nan(")) && bytes.HasSuffix(lower, []byte(")")) {
		return math.NaN(), true
	}
	if bytes.HasPrefix(lower, []byte("1.#")) {
		lower = bytes.TrimRight(lower, "0") // printed with more digits: 1.#INF00
	}
	switch string(lower) {
	case "nan", "1.#qnan", "1.#snan", "1.#ind":
		return math.NaN(), true
	case "inf", "infinity", "1.#inf":
		return math.Inf(sign), true
	}
	return 0, false
}

// Place reads the three coordinates of a place from a line: see [Coordinate].
// The first of them is word.
func (t *Scanner) Place(word []byte) (v [3]float64, err error) {
	for k := range v {
		if k > 0 {
			word = t.Inline()
		}
		x, ok := Coordinate(word)
		if !ok {
			return v, t.Wanted("a finite number within float32", word)
		}
		v[k] = x
	}
	return v, nil
}

// Direction reads the three numbers of a normal from a line. One with a component that is
// infinite or not a number says nothing, and is zero.
func (t *Scanner) Direction(word []byte) (v [3]float32, err error) {
	for k := range v {
		if k > 0 {
			word = t.Inline()
		}
		x, ok := Loose(word)
		if !ok {
			return v, t.Wanted("a number", word)
		}
		v[k] = x
	}
	for _, x := range v {
		if math.IsNaN(float64(x)) {
			return [3]float32{}, nil
		}
	}
	return v, nil
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
// after a blank: see [origin.Append].
func AppendPlace(b []byte, v [3]float32, from [3]float64) []byte {
	for k, x := range v {
		b = origin.Append(append(b, ' '), x, from[k])
	}
	return b
}
