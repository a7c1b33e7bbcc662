package layers

import (
	"setwise/set"
	"setwise/set/grad"
)

// mostWidth bounds what constructors are asked for, so that products of two
// are integers; how many numbers a parameter holds is bounded by package grad.
const mostWidth = 1 << 30

// argument is a number that a constructor was given, and the least it may be.
type argument struct {
	name         string
	value, least int
}

// need panics unless the arguments of a constructor are in their ranges.
func need(op string, args ...argument) {
	for _, a := range args {
		if a.value < a.least || a.value > mostWidth {
			panic(set.Mismatch(op, "%s from %d to %d, got %d", a.name, a.least, mostWidth, a.value))
		}
	}
}

// needWidth panics unless elements, or what a layer calls them, have a width.
func needWidth(op, what string, width int, x grad.Value) {
	if x.Dim != width {
		panic(set.Mismatch(op, "%s of width %d, got %d", what, width, x.Dim))
	}
}

// present panics unless the parts of a layer are there.
func present(op string, parts ...Layer) {
	for i, l := range parts {
		if l == nil {
			panic(set.Mismatch(op, "a layer, got nil for number %d", i))
		}
	}
}
