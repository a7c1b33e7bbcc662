package layers

import "setwise/set/grad"

// Dropout sets numbers to zero with the given probability while training, and
// scales the others up (Srivastava et al. 2014). Dropout(0) and any Dropout in
// inference return their input. A probability that is not at least 0 and below 1
// panics with a [*set.ShapeError], in inference too.
type Dropout float32

// Forward returns what is left of x.
func (d Dropout) Forward(t *grad.Tape, x grad.Value) grad.Value { return t.Dropout(x, float32(d)) }
