package layers

import (
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// EM refines the mixture of Gaussians that Net finds for each set by Steps of
// expectation maximisation on the elements of the set itself: see
// [loss.EMStep]. Net gives components of width 1 + 2d for elements of width
// d.
type EM struct {
	Net   Layer
	Steps int
}

// Forward returns the refined components.
func (e *EM) Forward(t *grad.Tape, x grad.Value) grad.Value {
	present("layers.EM", e.Net)
	need("layers.EM", argument{"Steps", e.Steps, 0})
	m := in("Net", e.Net, t, x)
	for range e.Steps {
		m = loss.EMStep(t, m, x)
	}
	return m
}
