package train

import (
	"setwise/layers/optim"
	"setwise/set"
)

// A Recipe is the way of training that suits most models of sets and clouds,
// where nothing else is known:
//
//   - AdamW, whose rate climbs for the first epoch and then falls to zero along
//     half a cosine;
//   - a decay of weights, but not of biases and norms;
//   - gradients clipped to a norm of 1;
//   - an average of the weights over the last hundredth of the training or so,
//     which is what the model gets and what is measured after an epoch.
//
// What else belongs to it depends on the data: a loss with some smoothing
// ([SmoothClassification]), examples drawn and varied anew every time ([Prepared]),
// and answers that are the mean over several draws.
type Recipe struct {
	Epochs int     // 60
	Rate   float64 // at its peak; 2e-3
	Decay  float64 // 0.05
}

// Options returns the recipe for a source with so many minibatches an epoch, as
// options of [Run] to which the rest is added: a seed, what is reported, how to
// resume. It panics with a [*set.ShapeError] for a number that makes no sense.
func (r Recipe) Options(steps int) Options {
	const op = "train.Recipe"
	if r.Epochs < 0 || steps < 1 {
		panic(set.Mismatch(op, "0 Epochs or more, of a step or more, got %d of %d", r.Epochs, steps))
	}
	if r.Epochs == 0 {
		r.Epochs = 60
	}
	r.Rate, r.Decay = share(op, "Rate", r.Rate, 2e-3), share(op, "Decay", r.Decay, 0.05)
	all := r.Epochs * steps
	return Options{
		Epochs:    r.Epochs,
		Optimizer: &optim.AdamW{Rate: optim.Cosine(r.Rate, steps, all), Decay: r.Decay},
		Clip:      1,
		Average:   1 - 1/(1+float64(all)/100),
	}
}

// share returns x, or otherwise if it is 0.
func share(op, name string, x, otherwise float64) float64 {
	switch {
	case !(x >= 0 && x <= 1):
		panic(set.Mismatch(op, "a %s from 0 to 1, got %v", name, x))
	case x == 0:
		return otherwise
	}
	return x
}
