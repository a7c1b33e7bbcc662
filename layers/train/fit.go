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
// A model must not be used by anybody else while Fit trains it: its parameters
// change under way. When nothing trains it, any number of goroutines may use it
// at once; whoever wants both lets Fit train a copy.
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

// Progress is what Report hears.
type Progress struct {
	Epoch, Epochs int     // this epoch, counted from 0, of how many
	Step, Steps   int     // this step, counted from 0, of how many
	Loss          float64 // of the minibatch, before the step
	Norm          float64 // of the gradient, before clipping
	Validation    float64 // of the epoch that this step ends; NaN otherwise
}

// ErrNoExamples is returned where there is nothing to learn from.
var ErrNoExamples = errors.New("train: no examples")

// Fit trains the parameters of model in place. Nothing else may use the model
// while it does, not even for inference: parameters change from step to step.
// Report, Validate and Checkpoint are called between steps, and may.
//
// It returns the first error of ctx, Report, Validate or Checkpoint, that of
// Checkpoint if ctx has ended and what was learned cannot be saved, and a
// [*set.ShapeError] if the loss does not fit the examples, or where Report or
// Validate panics with one. It is an error if there are no examples, if an option
// is wrong, if the model has no parameters, if the loss depends on none of them
// (those it leaves out stay as they are), and if the loss, the gradient or a
// parameter ceases to be finite. That error says what is to blame, as far as can be
// found out: a parameter that was not finite to begin with, an example whose
// numbers are not, or that has no finite loss by itself, or the gradient of a
// parameter.
func Fit[E any](ctx context.Context, model any, examples []E, loss Loss[E], o Options) error {
	if len(examples) == 0 {
		return ErrNoExamples
	}
	if loss == nil {
		return errors.New("train: want a loss, got nil")
	}
	pick := func(t *grad.Tape, batch []int) grad.Value {
		chosen := make([]E, len(batch))
		for i, n := range batch {
			chosen[i] = examples[n]
		}
		return loss(t, chosen)
	}
	r, err := newRun(model, len(examples), pick, o)
	if err != nil {
		return err
	}
	r.example = func(n int) any { return examples[n] }
	return r.all(ctx)
}

// run is one call of Fit.
type run struct {
	Options
	State
	params   []*grad.Param
	names    []string
	loss     func(t *grad.Tape, batch []int) grad.Value
	example  func(n int) any
	perEpoch int
	first    int // step of this call
}

func newRun(model any, examples int, loss func(*grad.Tape, []int) grad.Value, o Options) (*run, error) {
	o, err := o.complete(examples)
	if err != nil {
		return nil, err
	}
	r := &run{Options: o, loss: loss, perEpoch: (examples + o.Batch - 1) / o.Batch}
	if most := math.MaxInt / r.perEpoch; o.Epochs > most {
		return nil, fmt.Errorf("train: options: want at most %d Epochs, got %d", most, o.Epochs)
	}
	numbers := 0
	for name, p := range layers.Params(model) {
		r.names, r.params, numbers = append(r.names, name), append(r.params, p), numbers+len(p.Data)
	}
	if numbers == 0 {
		return nil, errors.New("train: want a model with parameters, got none: " +
			"they are found in exported fields, not in unexported ones or behind a layers.Func (see layers.Params)")
	}
	if o.Resume != nil {
		if err := o.Resume.resume(o, r.params, examples, r.perEpoch); err != nil {
			return nil, err
		}
		r.State = *o.Resume
	}
	r.State.Examples, r.State.Batch, r.State.Seed = examples, o.Batch, o.Seed
	r.first = r.Step
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
			batch := order[k*r.State.Batch : min((k+1)*r.State.Batch, len(order))]
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
	if err := set.Try(func() { order = r.Sampler.Order(r.Examples, epoch, generator(r.State.Seed, 0, epoch)) }); err != nil {
		return nil, err
	}
	if len(order) != r.Examples {
		return nil, fmt.Errorf("train: epoch %d: want an order of %d examples, got %d", epoch, r.Examples, len(order))
	}
	for _, n := range order {
		if n < 0 || n >= r.Examples {
			return nil, fmt.Errorf("train: epoch %d: want an order of examples 0 to %d, got %d", epoch, r.Examples-1, n)
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
	var g *grad.Gradients
	if err := set.Try(func() {
		g, p.Loss = r.Gradient.Of(batch, r.loss, generator(r.State.Seed, 1, r.Step))
		p.Norm = optim.Clip(r.params, g, r.Clip)
	}); err != nil {
		return err
	}
	if r.Step == r.first && !r.reached(g) {
		return fmt.Errorf("train: step %d: want a loss that depends on the model, got a gradient of none of its %d parameters: "+
			"a loss takes them from the model that is given to Fit, on the tape that it is given", r.Step, len(r.params))
	}
	if !finite(p.Loss) || !finite(p.Norm) {
		return fmt.Errorf("train: step %d: want a finite loss and gradient, got %g and norm %g: %s", r.Step, p.Loss, p.Norm, r.blame(batch, g))
	}
	if err := set.Try(func() { r.Options.Optimizer.Step(r.params, g) }); err != nil {
		return err
	}
	if flaw := r.flaw(data); flaw != "" {
		return fmt.Errorf("train: step %d: want parameters that stay finite, got %s; a lower rate may help", r.Step, flaw)
	}
	r.Step++
	if last && r.Validate != nil {
		if err := attempt(func() (err error) { p.Validation, err = r.Validate(); return err }); err != nil {
			return err
		}
		if !finite(p.Validation) {
			return fmt.Errorf("train: epoch %d: want a finite validation, got %g", epoch, p.Validation)
		}
		if p.Validation < r.Best || r.BestEpoch == 0 {
			r.Best, r.BestEpoch = p.Validation, epoch+1
			r.keep()
		}
	}
	if r.Report != nil {
		return attempt(func() error { return r.Report(p) })
	}
	return nil
}

// attempt returns the error of f, or the ShapeError that it panics with.
func attempt(f func() error) error {
	var err error
	if shape := set.Try(func() { err = f() }); shape != nil {
		return shape
	}
	return err
}

// reached reports whether any parameter has a gradient.
func (r *run) reached(g *grad.Gradients) bool {
	return slices.ContainsFunc(r.params, func(p *grad.Param) bool { return g.Of(p) != nil })
}

// keep remembers the present parameters as the best.
func (r *run) keep() {
	r.Weights = make([][]float32, len(r.params))
	for i, p := range r.params {
		r.Weights[i] = slices.Clone(p.Data)
	}
}

// generator returns the source of chance for one purpose at one step.
func generator(seed, purpose uint64, step int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, purpose<<56|uint64(step)))
}
