package number

import (
	"bytes"
	"math"
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

// Loose is [Float32], but gives NaN for what C libraries print for what is
// infinite or not a number, see [NotFinite].
func Loose(word []byte) (float32, bool) {
	v, ok := Float32(word)
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
