// Package train fits models to examples.
//
// The simple way takes examples in a slice and a loss:
//
//	err := train.Fit(ctx, model, examples, train.Classification(model), train.Options{Epochs: 30})
//
// Beneath it, training is a source, a rule and options ([Run]):
//
//   - A [Source] says which examples make each minibatch: [Shuffled],
//     [Balanced], [Poisson], [Made] on the spot, [BySize], or one of one's own.
//     [Prepared] gets them ready ahead of time: reads, draws, augments.
//   - A [Rule] says how a minibatch becomes a gradient: [Whole] at once,
//     [Chunks] in parallel, [PerExample] clipped one by one, or [Cached], which
//     compares a large batch without holding the tape of it.
//   - [Options] say the rest: optimizer, schedule, rate and decay by name,
//     averages, stopping, resuming.
//
// # Losses and rules
//
// A loss says by its type what it is: [Each] is a mean over examples, [Joint]
// compares the examples of a minibatch with one another, as contrastive losses
// do. A rule that takes examples apart would be wrong for a Joint loss, silently:
//
//	rule        Each   Joint
//	Whole       yes    yes
//	Chunks      yes    does not compile
//	PerExample  yes    does not compile
//	Cached              its loss of embeddings is joint
//
// The losses of [setwise/set/grad/loss] are means over sets, or say what else they
// are a mean of; a mean over the elements of sets of different sizes is not one
// over examples, and Chunks gives another number for it.
//
// A minibatch may be empty, as [Poisson] has it: its loss is 0, and a rule of
// one's own may still add noise. What makes a rule panics with a
// [*setwise/set.ShapeError] for a loss that is nil, and for a size or a bound that
// makes no sense; what is wrong with a source is an error of Run.
//
// # Same seed, same bits
//
// Minibatches and all chance in layers follow from Options.Seed and the number
// of the step alone. So training that was stopped, or killed, and resumed from a
// [State] gives the same weights, bit for bit, as training that was not; nor do
// they depend on GOMAXPROCS. State remembers what it was made with, and does not
// go on with something else.
//
// # What lasts, and who shares it
//
// Examples are only read, by several goroutines where the rule shares them out.
// The gradients of a rule last until its next call. A State shares memory with
// the training that gave it: it is saved, or copied, before Checkpoint returns.
// io/checkpoint has an example of a training that is saved, stopped and gone on
// with in one piece.
//
// # Who may use a model when
//
// A model must not be used by anybody else while it is trained: its parameters
// change under way. When nothing trains it, any number of goroutines may use it
// at once; whoever wants both lets Fit train a copy. Report, Validate and
// Checkpoint are called between steps, and may use it.
//
// # What was learned
//
// [Evaluate] gives a loss over examples, [Predict] and [Confusion] measure what
// a classifier learned, [Errors] what a regression did; [Calibrate] gives a
// regression intervals of known coverage (split conformal prediction).
package train
