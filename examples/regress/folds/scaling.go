package folds

import "math"

// A Scaling brings the numbers of every column to a mean of 0 and a deviation of
// 1. It is made from what a model learns from and is kept with it.
type Scaling struct {
	Mean      []float64 `json:"mean"`
	Deviation []float64 `json:"deviation"` // 1 for a column of equal numbers
}

// NewScaling returns the scaling of columns numbers in each row.
func NewScaling(columns int, rows func(yield func(row []float64) bool)) Scaling {
	s := Scaling{make([]float64, columns), make([]float64, columns)}
	n := 0.0
	for row := range rows {
		n++
		for j, x := range row { // Welford's way, which bears large means
			d := x - s.Mean[j]
			s.Mean[j] += d / n
			s.Deviation[j] += d * (x - s.Mean[j])
		}
	}
	for j, squares := range s.Deviation {
		s.Deviation[j] = math.Sqrt(squares / n)
		if !(s.Deviation[j] > 1e-12*math.Abs(s.Mean[j])) { // equal but for rounding, or no rows
			s.Deviation[j] = 1
		}
	}
	return s
}

// Of returns a number of column j on the scale.
func (s Scaling) Of(j int, x float64) float32 { return float32((x - s.Mean[j]) / s.Deviation[j]) }

// Back returns the number of column j that is y on the scale.
func (s Scaling) Back(j int, y float32) float64 { return s.Mean[j] + s.Deviation[j]*float64(y) }

// Fits reports whether s is a scaling of so many columns.
func (s Scaling) Fits(columns int) bool {
	if len(s.Mean) != columns || len(s.Deviation) != columns {
		return false
	}
	for j := range s.Mean {
		if math.IsNaN(s.Mean[j]) || math.IsInf(s.Mean[j], 0) || !(s.Deviation[j] > 0) || math.IsInf(s.Deviation[j], 0) {
			return false
		}
	}
	return true
}
