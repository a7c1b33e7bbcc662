// Package study is what the tasks of regress share: the command line, the
// training, and the files, numbers and pages that come of it. A [Task] says what is
// to be learned; its Begin makes a [Lesson], one model that learns it.
//
// [Run] is the program. It trains a lesson by steps of the optimizer, each on
// examples that are made anew ([Take]), saves it now and then so that -resume can
// go on, tests it, and writes
//
//	TASK-MODEL-SEED.safetensors  the model and how it was trained
//	TASK-MODEL-SEED.json         the numbers, a [Result]
//
// into the folder of -out, beside the pictures that the test draws. With -report it
// makes a page of tables from such results.
package study

import (
	"context"
	"io"
	"maps"
	"math/rand/v2"
	"slices"

	"setwise/layers/optim"
	"setwise/layers/train"
)

// A Task is a problem from a paper, with its settings.
type Task struct {
	Name   string
	About  string
	Notes  string // for the page of results: source, settings, and what is not as in the paper
	Help   string // for -help, if there is more to say than of others
	Data   Data
	Models []string // the first is what -model is by default
	First  string   // model that the others build on and that is trained before them, "" for none
	Steps  int
	Sets   int // to test on
	Batch  int // examples in a step
	Chunk  int // examples in a part of a step that one core takes; 0 leaves it to [train.Chunks]
	Rate   float64
	Fall   string  // how the rate falls: constant, cosine, tenth, or [Plateau]
	Clip   float64 // bound on the norm of the gradient, 0 for none

	// Begin makes a lesson: the model, and the data if there are any.
	Begin func(o Options) (Lesson, error)

	// Predict, of a task that learns from a table of the user's, writes what a
	// saved model says of the sets of another table, which may be named - for in.
	Predict func(model, table string, in io.Reader, out, notes io.Writer) error

	// What the table of results has for each model, and what the papers have
	// there: Paper[model][key] is text such as "0.2085 ± 0.0127".
	Measures []Measure
	Paper    map[string]map[string]string
}

// A Measure is one of the numbers that a task measures.
type Measure struct{ Key, Title string }

// A Lesson is one model that learns one task. It may be a [Validator] too, and have
// more methods: Describe(notes io.Writer) says what is learned from before it is,
// and Fingerprint() string tells data apart that are split by chance into what is
// learned from and what is not.
type Lesson interface {
	// Network returns what has the parameters.
	Network() any

	// Learn trains it, by [Take].
	Learn(ctx context.Context, s Steps) error

	// Glance returns a few words on how good the model is now, from a test of
	// a moment. It is shown while training.
	Glance() string

	// Test measures the model, prints its numbers to out, the last line by
	// itself last, and writes pictures under names that begin with prefix.
	Test(out io.Writer, prefix string) (map[string]Number, error)
}

// A Validator is a lesson that tells when its training may end.
type Validator interface {
	// GoOn begins where a training was left.
	GoOn(from Unfinished)

	// Validate is what [train.Options] calls after every step.
	Validate() (float64, error)

	// Rate returns the rate of learning, which falls by what Validate finds.
	Rate(first float64) optim.Schedule

	// State returns the steps that were taken, the best of them, and those after
	// which the rate was halved.
	State() Unfinished
}

// Patience is how many steps without improvement end the training of a [Validator].
const Patience = 2000

// Steps are those that a lesson is to take.
type Steps struct {
	task    Task
	options train.Options
}

// Take takes steps of a model, each on a batch of examples that are made anew.
func Take[E any](ctx context.Context, s Steps, model any, example func(*rand.Rand) E, loss train.Each[E]) error {
	source := train.Made[E]{New: example, Batch: s.task.Batch, Name: s.task.Name}
	return train.Run(ctx, model, source, train.Chunks(loss, s.task.Chunk), s.options)
}

// falls are the ways in which the rate of learning falls from what it is in the
// beginning.
func falls() map[string]func(rate float64, steps int) optim.Schedule {
	return map[string]func(rate float64, steps int) optim.Schedule{
		"constant": func(rate float64, _ int) optim.Schedule { return optim.Constant(rate) },
		"cosine":   func(rate float64, steps int) optim.Schedule { return optim.Cosine(rate, 0, steps) },
		"tenth": func(rate float64, steps int) optim.Schedule { // to a tenth, after 70 of 100 steps
			return optim.Steps(rate, 0.1, max(steps*7/10, 1))
		},
	}
}

func fallNames() []string { return slices.Sorted(maps.Keys(falls())) }

// Plateau is the fall of the rate of a [Validator]: it is halved as often as nothing
// better comes.
const Plateau = "plateau"
