package csv

import (
	"math"

	"setwise/examples/regress/folds"
	"setwise/examples/regress/study"
	"setwise/set/grad"
)

// deviations returns, for examples, the deviations that pupil i gives to each of
// its predictions.
func (r *reader) deviations(examples []*sample, truth folds.Scaling) [][]float64 {
	out := make([][]float64, len(examples))
	study.Portions(examples, folds.Portion, func(at int, some []*sample) {
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
	out := make([][]float64, len(c.Examples))
	for part, p := range c.Pupils {
		held := c.Held(part)
		for k, d := range p.(*reader).deviations(folds.Pick(c.Examples, held), c.Scales[part]) {
			out[held[k]] = d
		}
	}
	return out
}
