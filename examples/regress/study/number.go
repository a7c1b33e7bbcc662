package study

import (
	"fmt"
	"math"
)

// A Number is something measured, with its standard error.
type Number struct {
	Value float64 `json:"value"`
	Error float64 `json:"error"`
}

// String returns the number and its error to four places.
func (n Number) String() string { return places(n.Value) + " +- " + places(n.Error) }

// places writes a number to four places, or, where that would be more than fifteen
// digits, to seven digits.
func places(x float64) string {
	if math.Abs(x) >= 1e11 {
		return fmt.Sprintf("%.7g", x)
	}
	return fmt.Sprintf("%.4f", x)
}

// Page returns the number as the page of results has it, without an error of zero,
// which is that of numbers such as medians.
func (n Number) Page() string {
	if n.Error == 0 {
		return places(n.Value)
	}
	return places(n.Value) + " ± " + places(n.Error)
}

// Average returns the mean of values with its standard error.
func Average(values []float64) Number {
	var m, squares float64
	for _, v := range values {
		m += v / float64(len(values))
	}
	for _, v := range values {
		squares += (v - m) * (v - m)
	}
	return Number{m, math.Sqrt(squares / float64(max(len(values)-1, 1)) / float64(max(len(values), 1)))}
}

// Short returns by how much values fall short of others, each by itself.
func Short(values, of []float64) []float64 {
	d := make([]float64, len(values))
	for i := range d {
		d[i] = of[i] - values[i]
	}
	return d
}
