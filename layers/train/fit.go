package train

import (
	"context"
	"errors"
)

// Fit trains the parameters of model in place on examples, which it takes in a
// new random order in every epoch: it is [Run] of [Shuffled] examples by the rule
// [Whole].
func Fit[E any, L interface{ Each[E] | Joint[E] }](ctx context.Context, model any, examples []E, loss L, o Options) error {
	if len(examples) == 0 {
		return ErrNoExamples
	}
	if loss == nil {
		return errors.New("train: want a loss, got nil")
	}
	source := Shuffled[E]{examples, o.Batch}
	if o.Batch >= 0 {
		o.Batch = 0
	}
	return Run(ctx, model, source, Whole(loss), o)
}
