package tensor

import (
	"fmt"
	"math"
	"slices"
)

// mostDimensions is what PyTorch and NumPy allow.
const mostDimensions = 64

// brief is a shape or strides as text, cut to a readable length.
func brief(shape []int) string {
	const most = 100
	text := fmt.Sprint(shape)
	if len(text) > most {
		text = text[:most] + "…"
	}
	return text
}

// elements returns the number of elements of a shape.
func elements(shape []int) (int, error) {
	if len(shape) > mostDimensions {
		return 0, fmt.Errorf("%d dimensions: want at most %d", len(shape), mostDimensions)
	}
	n, empty := 1, false
	for _, d := range shape {
		switch {
		case d < 0:
			return 0, fmt.Errorf("shape %s: want no negative sizes", brief(shape))
		case d == 0:
			empty = true
		case n > math.MaxInt/8/d:
			n = math.MaxInt
		default:
			n *= d
		}
	}
	switch {
	case empty:
		return 0, nil
	case n == math.MaxInt:
		return 0, fmt.Errorf("shape %s: want at most %d elements", brief(shape), math.MaxInt/8)
	}
	return n, nil
}

// within returns an error unless a view with the given offset, sizes and
// strides, all counted in elements, lies within n elements.
func within(n, offset int, size, strides []int) error {
	if len(size) != len(strides) {
		return fmt.Errorf("want as many strides as the %d dimensions, got %d", len(size), len(strides))
	}
	if offset < 0 || offset > n {
		return fmt.Errorf("offset %d: want 0 to %d, where its storage ends", offset, n)
	}
	if slices.Contains(size, 0) {
		return nil
	}
	left := n - 1 - offset // how far the last element may be from the first
	for i, d := range size {
		s := strides[i]
		if s < 0 {
			return fmt.Errorf("strides %s: want no negative ones", brief(strides))
		}
		if left < 0 || s > 0 && d-1 > left/s {
			return fmt.Errorf("offset %d, shape %s, strides %s: want to stay within the %d elements of its storage", offset, brief(size), brief(strides), n)
		}
		left -= (d - 1) * s
	}
	if left < 0 {
		return fmt.Errorf("offset %d: want an element there, but its storage has %d", offset, n)
	}
	return nil
}

// plain reports whether elements with these strides follow each other, the
// last dimension running fastest.
func plain(size, strides []int) bool {
	n := 1
	for i := len(size) - 1; i >= 0; i-- {
		if size[i] == 0 {
			return true
		}
		if size[i] != 1 && strides[i] != n {
			return false
		}
		n *= size[i]
	}
	return true
}

// bytes returns the elements one after another, the last dimension running
// fastest. They share memory with t unless it has strides.
func (t *Tensor) bytes() ([]byte, error) {
	n, err := t.Len()
	if err != nil || t.strides == nil {
		return t.data, err
	}
	width := t.Type.Size()
	out := make([]byte, 0, n*width)
	index := make([]int, len(t.size))
	for at := 0; len(out) < cap(out); {
		out = append(out, t.data[at*width:(at+1)*width]...)
		for i := len(index) - 1; i >= 0; i-- {
			index[i]++
			at += t.strides[i]
			if index[i] < t.size[i] {
				break
			}
			at -= index[i] * t.strides[i]
			index[i] = 0
		}
	}
	return out, nil
}
