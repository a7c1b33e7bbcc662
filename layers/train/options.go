package train

import (
	"fmt"

	"setwise/layers/optim"
)

// Options say how to train. Zero fields take the values given; a number that
// makes no sense in its field is an error, which names the field.
type Options struct {
	Epochs int // passes over the source; 1
	Batch  int // examples in a minibatch of [Fit]; 32. For [Run] the source says it

	Optimizer  optim.Optimizer // &optim.AdamW{}
	Clip       float64         // bound on the norm of the gradient; 0 is none
	Accumulate int             // minibatches whose gradients make one step, by their mean; 1

	// Rate and Decay give the factors for a parameter's name on the optimizer's
	// rate and weight decay; a rate of 0 freezes it. Where they are nil the rate
	// is the same for all, and biases and norms do not decay: see
	// [setwise/layers.Weights].
	Rate, Decay func(name string) float64

	// Average, if it is above 0, is how much an exponential moving average of
	// the parameters keeps of itself in a step, such as 0.999; in early step n,
	// counted from 1, it keeps no more than n/(n+9). Validate sees the averages,
	// and so does Report after the last step of an epoch; the model has them in
	// the end.
	Average float64

	Seed uint64 // fixes the order of examples and all chance in layers

	// Report, if set, hears of every step. An error from it ends training.
	Report func(Progress) error

	// Validate, if set, is called after every epoch and returns how bad the
	// model is on examples held back. In the end the model gets the weights
	// with which it was least bad. If Patience is positive, training ends
	// after that many epochs without improvement; it needs Validate.
	Validate func() (float64, error)
	Patience int

	// Checkpoint, if set, is given the state of training every Every steps,
	// at the end of every epoch if Every is 0, and when ctx ends it. The state
	// shares memory with the training and is to be saved before Checkpoint
	// returns; the parameters are those of the model. An error ends training.
	Checkpoint func(State) error
	Every      int

	// Resume, if set, is where to go on. The model must have the parameters
	// it had then. What the source says of itself, Seed, and whether there are
	// Validate and Average are compared with those of the state, and it is an
	// error if they differ; Epochs may be more than before. That the examples
	// themselves and all other options are the same is up to the caller.
	Resume *State
}

// complete returns o with its defaults, or says what is wrong with it.
func (o Options) complete() (Options, error) {
	for _, f := range []struct {
		name  string
		value int
	}{{"Epochs", o.Epochs}, {"Batch", o.Batch}, {"Accumulate", o.Accumulate}, {"Every", o.Every}, {"Patience", o.Patience}} {
		if f.value < 0 {
			return o, fmt.Errorf("train: options: want %s of 0 or more, got %d", f.name, f.value)
		}
	}
	switch {
	case !(o.Clip >= 0):
		return o, fmt.Errorf("train: options: want Clip of 0 or more, got %g", o.Clip)
	case !(o.Average >= 0 && o.Average < 1):
		return o, fmt.Errorf("train: options: want Average of at least 0 and below 1, got %g", o.Average)
	case o.Patience > 0 && o.Validate == nil:
		return o, fmt.Errorf("train: options: want Validate for a Patience of %d, got none", o.Patience)
	}
	o.Epochs, o.Accumulate = max(o.Epochs, 1), max(o.Accumulate, 1)
	if o.Optimizer == nil {
		o.Optimizer = &optim.AdamW{}
	}
	return o, nil
}
