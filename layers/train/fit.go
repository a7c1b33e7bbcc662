// Package train fits models to examples.
//
// [Fit] takes minibatches of examples of any type, a [Loss] that turns some of
// them into one number, and moves the parameters of the model down its
// gradient:
//
//	err := train.Fit(ctx, model, examples, train.Classification(model), train.Options{Epochs: 30})
//
// The order of examples and all chance in layers follow from Options.Seed and
// the number of the step alone. So training that was stopped, or killed, and
// resumed from a [State] gives the same weights, bit for bit, as training that
// was not; nor do they depend on GOMAXPROCS.
//
// How the gradient of a minibatch is found is a [Gradient]: of the whole at
// once, or of [Chunks] in parallel. [Predict] and [Confusion] measure what a
// classifier learned, [Errors] what a regression did; [Calibrate] gives a
// regression intervals of known coverage (split conformal prediction).
package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"setwise/layers"
	"setwise/layers/optim"
	"setwise/set"
	"setwise/set/grad"
)

// A Loss computes the mean loss over some examples, whatever an example is.
// Chance, for augmentation say, comes from t.Rand(), which is nil where the
// loss is only evaluated.
type Loss[E any] func(t *grad.Tape, examples []E) grad.Value

// Options say how to train. Zero fields take the values given.
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
	// after that many epochs without improvement.
	Validate func() (float64, error)
	Patience int

	// Checkpoint, if set, is given the state of training every Every steps,
	// at the end of every epoch if Every is 0, and when ctx ends it. The state
	// shares memory with the training and is to be saved before Checkpoint
	// returns; the parameters are those of the model. An error ends training.
	Checkpoint func(State) error
	Every      int

	// Resume, if set, is where to go on. The model must have the parameters
	// it had then, and the other options must be the same.
	Resume *State
}

// Progress is what Report hears.
type Progress struct {
	Epoch, Epochs int     // this epoch, counted from 0, of how many
	Step, Steps   int     // this step, counted from 0, of how many
	Loss          float64 // of the minibatch, before the step
	Norm          float64 // of the gradient, before clipping
	Validation    float64 // of the epoch that this step ends; NaN otherwise
}

// State is what training needs besides the parameters to go on.
//
// As JSON it leaves out what is better kept as tensors.
type State struct {
	Step      int         `json:"step"` // steps taken
	Optimizer optim.State `json:"-"`
	Best      float64     `json:"best"`      // least result of Validate so far
	BestEpoch int         `json:"bestEpoch"` // counted from 1; 0 is none yet
	Weights   [][]float32 `json:"-"`         // parameters at BestEpoch, in the order of layers.List
}

// ErrNoExamples is returned where there is nothing to learn from.
var ErrNoExamples = errors.New("train: no examples")

// Fit trains the parameters of model in place. It returns the first error of
// ctx, Report, Validate or Checkpoint, that of Checkpoint if ctx has ended and
// what was learned cannot be saved, a [*set.ShapeError] if the loss does not
// fit the examples, and an error if the loss ceases to be a finite number.
func Fit[E any](ctx context.Context, model any, examples []E, loss Loss[E], o Options) error {
	if len(examples) == 0 {
		return ErrNoExamples
	}
	pick := func(t *grad.Tape, batch []int) grad.Value {
		chosen := make([]E, len(batch))
		for i, n := range batch {
			chosen[i] = examples[n]
		}
		return loss(t, chosen)
	}
	r, err := newRun(layers.List(model), len(examples), pick, o)
	if err != nil {
		return err
	}
	return r.all(ctx)
}

// run is one call of Fit.
type run struct {
	Options
	State
	params   []*grad.Param
	loss     func(t *grad.Tape, batch []int) grad.Value
	examples int
	perEpoch int
}

func newRun(params []*grad.Param, examples int, loss func(*grad.Tape, []int) grad.Value, o Options) (*run, error) {
	o.Epochs = max(o.Epochs, 1)
	if o.Batch <= 0 {
		o.Batch = 32
	}
	if o.Optimizer == nil {
		o.Optimizer = &optim.AdamW{}
	}
	if o.Gradient == nil {
		o.Gradient = &Whole{}
	}
	if o.Sampler == nil {
		o.Sampler = Shuffled{}
	}
	r := &run{Options: o, params: params, loss: loss, examples: examples, perEpoch: (examples + o.Batch - 1) / o.Batch}
	if s := o.Resume; s != nil {
		if s.Step < 0 || s.BestEpoch < 0 {
			return nil, fmt.Errorf("train: resume: want a step and an epoch from 0, got %d and %d", s.Step, s.BestEpoch)
		}
		if err := o.Optimizer.SetState(params, s.Optimizer); err != nil {
			return nil, fmt.Errorf("train: resume: %w", err)
		}
		if s.Weights != nil && len(s.Weights) != len(params) {
			return nil, fmt.Errorf("train: resume: want best weights of %d parameters, got %d", len(params), len(s.Weights))
		}
		for i, w := range s.Weights {
			if len(w) != len(params[i].Data) {
				return nil, fmt.Errorf("train: resume: best weights of parameter %d: want %d numbers, got %d", i, len(params[i].Data), len(w))
			}
		}
		r.State = *s
	}
	return r, nil
}

// all takes all steps that are left.
func (r *run) all(ctx context.Context) error {
	done := r.Step
	for epoch := r.Step / r.perEpoch; epoch < r.Epochs && !r.stopped(epoch); epoch++ {
		order, err := r.order(epoch)
		if err != nil {
			return err
		}
		for k := r.Step - epoch*r.perEpoch; k < r.perEpoch; k++ {
			if err := ctx.Err(); err != nil {
				if r.Step == done {
					return err // nothing new to save
				}
				if saving := r.checkpoint(); saving != nil {
					return saving
				}
				return err
			}
			batch := order[k*r.Batch : min((k+1)*r.Batch, len(order))]
			if err := r.step(epoch, k == r.perEpoch-1, batch); err != nil {
				return err
			}
			if r.Every > 0 && r.Step%r.Every == 0 || r.Every == 0 && k == r.perEpoch-1 {
				if err := r.checkpoint(); err != nil {
					return err
				}
				done = r.Step
			}
		}
	}
	for i, w := range r.Weights {
		copy(r.params[i].Data, w)
	}
	return nil
}

// order returns the order of examples in an epoch.
func (r *run) order(epoch int) ([]int, error) {
	var order []int
	if err := set.Try(func() { order = r.Sampler.Order(r.examples, epoch, generator(r.Seed, 0, epoch)) }); err != nil {
		return nil, err
	}
	if len(order) != r.examples {
		return nil, fmt.Errorf("train: epoch %d: want an order of %d examples, got %d", epoch, r.examples, len(order))
	}
	for _, n := range order {
		if n < 0 || n >= r.examples {
			return nil, fmt.Errorf("train: epoch %d: want an order of examples 0 to %d, got %d", epoch, r.examples-1, n)
		}
	}
	return order, nil
}

// stopped reports whether patience had run out before the given epoch.
func (r *run) stopped(epoch int) bool {
	return r.Validate != nil && r.Patience > 0 && epoch-r.BestEpoch >= r.Patience
}

func (r *run) checkpoint() error {
	if r.Checkpoint == nil {
		return nil
	}
	r.State.Optimizer = r.Options.Optimizer.State()
	return r.Checkpoint(r.State)
}

// step takes one step, and validates if it is the last of an epoch.
func (r *run) step(epoch int, last bool, batch []int) error {
	p := Progress{Epoch: epoch, Epochs: r.Epochs, Step: r.Step, Steps: r.Epochs * r.perEpoch, Validation: math.NaN()}
	if err := set.Try(func() {
		var g *grad.Gradients
		g, p.Loss = r.Gradient.Of(batch, r.loss, generator(r.Seed, 1, r.Step))
		p.Norm = optim.Clip(r.params, g, r.Clip)
		if finite(p.Loss) && finite(p.Norm) {
			r.Options.Optimizer.Step(r.params, g)
		}
	}); err != nil {
		return err
	}
	if !finite(p.Loss) || !finite(p.Norm) {
		return fmt.Errorf("train: step %d: want a finite loss and gradient, got %g and norm %g; a lower rate or clipping may help", r.Step, p.Loss, p.Norm)
	}
	r.Step++
	if last && r.Validate != nil {
		v, err := r.Validate()
		if err != nil {
			return err
		}
		if !finite(v) {
			return fmt.Errorf("train: epoch %d: want a finite validation, got %g", epoch, v)
		}
		p.Validation = v
		if v < r.Best || r.BestEpoch == 0 {
			r.Best, r.BestEpoch = v, epoch+1
			r.keep()
		}
	}
	if r.Report != nil {
		return r.Report(p)
	}
	return nil
}

// keep remembers the present parameters as the best.
func (r *run) keep() {
	r.Weights = make([][]float32, len(r.params))
	for i, p := range r.params {
		r.Weights[i] = slices.Clone(p.Data)
	}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// generator returns the source of chance for one purpose at one step.
func generator(seed, purpose uint64, step int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, purpose<<56|uint64(step)))
}

// A Sampler decides in which order examples are taken.
type Sampler interface {
	// Order returns n numbers from 0 to n-1 for one epoch, which are taken in
	// consecutive minibatches. A number may come more than once.
	Order(n, epoch int, rng *rand.Rand) []int
}

// Shuffled takes every example once, in a new random order each epoch.
type Shuffled struct{}

// Order implements [Sampler].
func (Shuffled) Order(n, _ int, rng *rand.Rand) []int { return rng.Perm(n) }

// Balanced draws n examples with replacement so that every class comes equally
// often on average. Classes holds the class of each example; Order panics with
// a [*set.ShapeError] if it holds fewer.
type Balanced struct{ Classes []int }

// Order implements [Sampler].
func (b Balanced) Order(n, _ int, rng *rand.Rand) []int {
	if len(b.Classes) < n {
		panic(set.Mismatch("train.Balanced", "a class for each of %d examples, got %d", n, len(b.Classes)))
	}
	members := map[int][]int{}
	var classes []int
	for i, c := range b.Classes[:n] {
		if members[c] == nil {
			classes = append(classes, c)
		}
		members[c] = append(members[c], i)
	}
	order := make([]int, n)
	for i := range order {
		of := members[classes[rng.IntN(len(classes))]]
		order[i] = of[rng.IntN(len(of))]
	}
	return order
}
