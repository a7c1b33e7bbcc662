package text

import (
	"setwise/internal/elementary"
	"setwise/io/internal/number"
)

// Place reads the three coordinates of a place from a line: see [number.Coordinate].
// The first of them is word.
func (t *Scanner) Place(word []byte) (v [3]float64, err error) {
	for k := range v {
		if k > 0 {
			word = t.Inline()
		}
		x, ok := number.Coordinate(word)
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
		x, ok := number.Loose(word)
		if !ok {
			return v, t.Wanted("a number", word)
		}
		v[k] = x
	}
	if !elementary.FiniteVector(v) {
		return [3]float32{}, nil
	}
	return v, nil
}
