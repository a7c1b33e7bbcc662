package main

import (
	"math"

	"setwise/set/grad"
)

// deviations returns, for examples, the deviations that pupil i gives to each of
// its predictions.
func (r *reader) deviations(examples []*sample, truth scaling) [][]float64 {
	out := make([][]float64, len(examples))
	inPortions(examples, portion, func(at int, some []*sample) {
		grad.Scratch(func(t *grad.Tape) {
			_, doubts := r.both(t, some)
			for k := range some {
				row := make([]float64, r.targets)
				for j, v := range doubts.Row(k) {
					row[j] = truth.Deviation[j] * math.Exp(float64(v))
				}
				out[at+k] = row
			}
		})
	})
	return out
}

// doubts returns the deviations of the predictions of all.
func (c *tabular) doubts() [][]float64 {
	out := make([][]float64, len(c.examples))
	for part, p := range c.Pupils {
		held := c.held(part)
		for k, d := range p.(*reader).deviations(pick(c.examples, held), c.scales[part]) {
			out[held[k]] = d
		}
	}
	return out
}
