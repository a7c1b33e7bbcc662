package column

import (
	"slices"

	"setwise/internal/elementary"
	"setwise/io/internal/number"
)

// Vectors appends vectors to dst, of which the three columns are the
// components, each as the nearest float32. The columns are equally long.
func Vectors(dst [][3]float32, x, y, z Column) [][3]float32 {
	at, n := len(dst), x.Len()
	dst = slices.Grow(dst, n)[:at+n]
	for k, c := range [...]Column{x, y, z} {
		c.Axis(dst[at:], k)
	}
	return dst
}

// Places returns the components of places in float64, or none if the three
// columns are of types of which float32 holds all numbers.
func Places(x, y, z Column) (places [3][]float64) {
	c := [...]Column{x, y, z}
	if !slices.ContainsFunc(c[:], func(c Column) bool { return !narrow(c) }) {
		return places
	}
	for k := range places {
		places[k] = c[k].Float64s()
	}
	return places
}

// narrow reports whether float32 holds all numbers of a column.
func narrow(c Column) bool {
	switch c.Values().(type) {
	case []float32, []int8, []uint8, []int16, []uint16:
		return true
	}
	return false
}

// Directions is [Vectors] for normals. One that is not finite says nothing and is
// zero.
func Directions(dst [][3]float32, x, y, z Column) [][3]float32 {
	at := len(dst)
	dst = Vectors(dst, x, y, z)
	for i, v := range dst[at:] {
		if !elementary.FiniteVector(v) {
			dst[at+i] = [3]float32{}
		}
	}
	return dst
}

// Components returns the components of vectors, x, y and z.
func Components(vectors [][3]float32) (c [3][]float32) {
	for k := range c {
		c[k] = make([]float32, len(vectors))
		for i, v := range vectors {
			c[k][i] = v[k]
		}
	}
	return c
}

// Coordinates returns the coordinates of points that were measured from an origin:
// x, y and z as []float64, or []float32 from zero. See [number.Place].
func Coordinates(points [][3]float32, from [3]float64) (c [3]any) {
	if from == ([3]float64{}) {
		for k, values := range Components(points) {
			c[k] = values
		}
		return c
	}
	for k := range c {
		values := make([]float64, len(points))
		for i, v := range points {
			values[i] = number.Place(v[k], from[k])
		}
		c[k] = values
	}
	return c
}
