package train

import (
	"fmt"

	"setwise/layers/optim"
)

// Options say how to train. Zero fields take the values given; a number that
// makes no sense in its field is an error of [Fit], which names the field.
type Options struct {
	Epochs    int             // passes over the examples; 1
	Batch     int             // examples in a minibatch; 32
	Optimizer optim.Optimizer // &optim.AdamW{}
	Clip      float64         // bound on the norm of the gradient; 0 is none
	Gradient  Gradient        // &Whole{}
	Sampler   Sampler         // Shuffled{}
	Seed      uint64          // fixes the order of examples and all chance in layers

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
	// it had then. The number of examples, Batch, Seed and whether there is a
	// Validate are compared with those of the state, and it is an error if they
	// differ; Epochs may be more than before. That the examples and all other
	// options are the same is up to the caller.
	Resume *State
}

// complete returns o with its defaults for a number of examples, or says what
// is wrong with it.
func (o Options) complete(examples int) (Options, error) {
	for _, f := range []struct {
		name  string
		value int
	}{{"Epochs", o.Epochs}, {"Batch", o.Batch}, {"Every", o.Every}, {"Patience", o.Patience}} {
		if f.value < 0 {
			return o, fmt.Errorf("train: options: want %s of 0 or more, got %d", f.name, f.value)
		}
	}
	if !(o.Clip >= 0) {
		return o, fmt.Errorf("train: options: want Clip of 0 or more, got %g", o.Clip)
	}
	if o.Patience > 0 && o.Validate == nil {
		return o, fmt.Errorf("train: options: want Validate for a Patience of %d, got none", o.Patience)
	}
	o.Epochs = max(o.Epochs, 1)
	if o.Batch == 0 {
		o.Batch = 32
	}
	o.Batch = min(o.Batch, examples)
	if o.Optimizer == nil {
		o.Optimizer = &optim.AdamW{}
	}
	if o.Gradient == nil {
		o.Gradient = &Whole{}
	}
	if o.Sampler == nil {
		o.Sampler = Shuffled{}
	}
	return o, nil
}
