package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"setwise/internal/elementary"
	"setwise/layers"
	"setwise/layers/optim"
	"setwise/set"
	"setwise/set/grad"
)

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

// Run trains the parameters of model in place. Nothing else may use the model
// while it does, not even for inference: parameters change from step to step.
// Report, Validate and Checkpoint are called between steps, and may.
//
// It returns the first error of ctx, of the source, or of Report, Validate or
// Checkpoint, that of Checkpoint if ctx has ended and what was learned cannot be
// saved, and a [*set.ShapeError] if the loss does not fit the examples, or where
// Report or Validate panics with one. It is an error if an option is wrong, if the
// model has no parameters that learn, if the loss depends on none of them (those it
// leaves out stay as they are), and if the loss, the gradient or a parameter ceases
// to be finite. That error says what is to blame, as far as can be found out: a
// parameter that was not finite to begin with, an example whose numbers are not, or
// that has no finite loss by itself, or the gradient of a parameter.
func Run[E any](ctx context.Context, model any, source Source[E], rule Rule[E], o Options) error {
	if source == nil || rule == nil {
		return errors.New("train: want a source and a rule, got nil")
	}
	r, err := newRun(model, source, rule, o)
	if err != nil {
		return err
	}
	defer r.freeze()()
	return r.all(ctx)
}

// run is one call of Run.
type run[E any] struct {
	Options
	State
	source   Source[E]
	rule     Rule[E]
	weights  []optim.Weight
	perEpoch int
	learned  []*grad.Param   // of the weights, those that learn
	reached  bool            // whether the loss has been seen to depend on them
	sum      *grad.Gradients // of a step, where it has several minibatches
}

func newRun[E any](model any, source Source[E], rule Rule[E], o Options) (*run[E], error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	if o.Batch != 0 {
		return nil, fmt.Errorf("train: options: want a source that says how large a minibatch is, got a Batch of %d", o.Batch)
	}
	r := &run[E]{Options: o, source: source, rule: rule, weights: layers.Weights(model, o.Rate, o.Decay)}
	says, steps := "", 0
	if err := set.Try(func() { says, steps = source.String(), source.Steps() }); err != nil {
		return nil, err
	}
	if steps < 1 {
		return nil, fmt.Errorf("%w: want a source with a minibatch or more an epoch, got %d: %.200s", ErrNoExamples, steps, says)
	}
	r.perEpoch = pieces(steps, o.Accumulate)
	if most := math.MaxInt / r.perEpoch; o.Epochs > most {
		return nil, fmt.Errorf("train: options: want at most %d Epochs, got %d", most, o.Epochs)
	}
	if o.Accumulate > 1 {
		r.sum = &grad.Gradients{}
		says += fmt.Sprintf(", %d a step", o.Accumulate)
	}
	r.learned = optim.Learned(r.weights)
	names := map[string]bool{}
	numbers := 0
	for _, w := range r.weights {
		if names[w.Name] {
			return nil, fmt.Errorf("train: want a name for each parameter, got two with the name %.100q", w.Name)
		}
		names[w.Name] = true
		numbers += len(w.Data)
	}
	switch {
	case numbers == 0:
		return nil, errors.New("train: want a model with parameters, got none: " +
			"they are found in exported fields, not in unexported ones or behind a layers.Func (see layers.Params)")
	case len(r.learned) == 0:
		return nil, fmt.Errorf("train: want parameters that learn, got %d that are all frozen", len(r.weights))
	}
	if o.Resume != nil {
		if err := o.Resume.resume(o, r.weights, says, r.perEpoch); err != nil {
			return nil, err
		}
		r.State = *o.Resume
		r.State.Average = cloned(r.State.Average) // the others are replaced, not changed
	}
	r.State.Source, r.State.Seed = says, o.Seed
	return r, nil
}

// freeze makes constants of the weights with a rate of 0, so that nobody computes
// gradients for them, and returns how to make them what they were.
func (r *run[E]) freeze() (thaw func()) {
	var frozen []*grad.Param
	for _, w := range r.weights {
		if w.Rate == 0 && !w.Frozen {
			w.Frozen = true
			frozen = append(frozen, w.Param)
		}
	}
	return func() {
		for _, p := range frozen {
			p.Frozen = false
		}
	}
}

// all takes all steps that are left.
func (r *run[E]) all(ctx context.Context) error {
	saved := r.Step
	for epoch := r.Step / r.perEpoch; epoch < r.Epochs && !r.stopped(epoch); epoch++ {
		var failed error
		if err := set.Try(func() { failed = r.epoch(ctx, epoch, &saved) }); err != nil {
			return err
		}
		if failed != nil {
			return failed
		}
	}
	switch {
	case r.Weights != nil:
		put(r.weights, r.Weights)
	case r.State.Average != nil:
		put(r.weights, r.State.Average)
	}
	return nil
}

// epoch takes the steps of an epoch that are left. saved is the step of the
// last checkpoint.
func (r *run[E]) epoch(ctx context.Context, epoch int, saved *int) error {
	taken := r.Step - epoch*r.perEpoch
	var several []Minibatch[E]
	left := r.source.Steps() - taken*r.Accumulate
	for b, err := range r.source.Epoch(epoch, taken*r.Accumulate, generator(r.State.Seed, 0, epoch)) {
		if err != nil {
			return fmt.Errorf("train: step %d: %w", r.Step, err)
		}
		if left--; left < 0 {
			return fmt.Errorf("train: epoch %d: want a source with %d minibatches as it said, got more", epoch, r.source.Steps())
		}
		if several = append(several, b); len(several) < r.Accumulate && left > 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			if r.Step == *saved {
				return err // nothing new to save
			}
			if saving := r.checkpoint(); saving != nil {
				return saving
			}
			return err
		}
		if err := r.step(epoch, left == 0, several); err != nil {
			return err
		}
		several = several[:0]
		if r.Every > 0 && r.Step%r.Every == 0 || r.Every == 0 && left == 0 {
			if err := r.checkpoint(); err != nil {
				return err
			}
			*saved = r.Step
		}
	}
	if left > 0 {
		return fmt.Errorf("train: epoch %d: want a source with %d minibatches as it said, got %d less", epoch, r.source.Steps(), left)
	}
	return nil
}

// stopped reports whether patience had run out before the given epoch.
func (r *run[E]) stopped(epoch int) bool {
	return r.Validate != nil && r.Patience > 0 && epoch-r.BestEpoch >= r.Patience
}

func (r *run[E]) checkpoint() error {
	if r.Checkpoint == nil {
		return nil
	}
	r.State.Optimizer = r.Options.Optimizer.State()
	return r.Checkpoint(r.State)
}

// gradient returns the mean gradient and loss of the minibatches of a step.
func (r *run[E]) gradient(several []Minibatch[E]) (*grad.Gradients, float64) {
	rng := generator(r.State.Seed, 1, r.Step)
	if r.sum == nil {
		return r.rule.Gradient(several[0].Examples, r.weights, rng)
	}
	r.sum.Reset()
	var total float64
	for _, b := range several {
		g, l := r.rule.Gradient(b.Examples, r.weights, rng)
		r.sum.Add(1/float32(len(several)), g)
		total += l / float64(len(several))
	}
	return r.sum, total
}

// step takes one step. After the last of an epoch, Validate and Report see the
// averages of the parameters if there are any.
func (r *run[E]) step(epoch int, last bool, several []Minibatch[E]) error {
	p := Progress{Epoch: epoch, Epochs: r.Epochs, Step: r.Step, Steps: r.Epochs * r.perEpoch, Validation: math.NaN()}
	g, l := r.gradient(several)
	p.Loss, p.Norm = l, optim.Clip(r.weights, g, r.Clip)
	if !r.reached && slices.ContainsFunc(several, func(b Minibatch[E]) bool { return len(b.Examples) > 0 }) {
		if r.reached = reached(g, r.learned); !r.reached {
			return fmt.Errorf("train: step %d: want %s", r.Step, unreached(len(r.weights)))
		}
	}
	if !elementary.Finite(p.Loss) || !elementary.Finite(p.Norm) {
		return fmt.Errorf("train: step %d: want a finite loss and gradient, got %g and norm %g: %s", r.Step, p.Loss, p.Norm, r.blame(several, g))
	}
	r.Options.Optimizer.Step(r.weights, g)
	if flaw := r.flaw(func(w optim.Weight) []float32 { return w.Data }); flaw != "" {
		return fmt.Errorf("train: step %d: want parameters that stay finite, got %s; a lower rate may help", r.Step, flaw)
	}
	r.Step++
	r.average()
	if last && r.State.Average != nil {
		seen := copied(r.weights)
		put(r.weights, r.State.Average)
		defer put(r.weights, seen)
	}
	if last && r.Validate != nil {
		if err := r.validate(&p); err != nil {
			return err
		}
	}
	if r.Report != nil {
		return r.Report(p)
	}
	return nil
}

// generator returns the source of chance for one purpose at one step.
func generator(seed, purpose uint64, step int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, purpose<<56|uint64(step)))
}
