package train

import (
	"fmt"

	"setwise/internal/elementary"
)

// average moves the averages towards the parameters.
func (r *run[E]) average() {
	if r.Options.Average == 0 {
		return
	}
	if r.State.Average == nil {
		r.State.Average = copied(r.weights)
	}
	keep := min(r.Options.Average, float64(r.Step)/float64(r.Step+9))
	for _, w := range r.weights {
		mean := r.State.Average[w.Name]
		for i, x := range w.Data {
			mean[i] += float32((1 - keep) * (float64(x) - float64(mean[i])))
		}
	}
}

// validate asks how bad the model is after an epoch.
func (r *run[E]) validate(p *Progress) error {
	var err error
	if p.Validation, err = r.Validate(); err != nil {
		return err
	}
	if !elementary.Finite(p.Validation) {
		return fmt.Errorf("train: epoch %d: want a finite validation, got %g", p.Epoch, p.Validation)
	}
	if p.Validation < r.Best || r.BestEpoch == 0 {
		r.Best, r.BestEpoch = p.Validation, p.Epoch+1
		r.Weights = copied(r.weights)
	}
	return nil
}
