package main

import (
	"io"
	"maps"
	"slices"

	"setwise/layers/optim"
	"setwise/set/grad"
)

// A task is a problem from a paper, with its settings.
type task struct {
	name   string
	about  string
	notes  string // for the page of results: source, settings, and what is not as in the paper
	data   source
	models []string // the first is what -model is by default
	first  string   // model that the others build on and that is trained before them, "" for none
	steps  int
	sets   int // to test on
	batch  int // examples in a step
	chunk  int // examples in a part of a step that one core takes; 0 leaves it to train.Chunks
	rate   float64
	fall   string  // how the rate falls, one of falls
	clip   float64 // bound on the norm of the gradient, 0 for none

	// begin makes a lesson: the model, and the data if there are any.
	begin func(o options) (lesson, error)

	// What the table of results has for each model, and what the papers have
	// there: paper[model][key] is text such as "0.2085 ± 0.0127".
	columns []column
	paper   map[string]map[string]string
}

// A column is one of the numbers that a task measures.
type column struct{ key, title string }

// A lesson is one model that learns one task.
type lesson interface {
	// network returns what has the parameters.
	network() any

	// loss returns the mean loss of n examples that are drawn anew with the
	// chance of t.
	loss(t *grad.Tape, n int) grad.Value

	// glance returns a few words on how good the model is now, from a test of
	// a moment. It is shown while training.
	glance() string

	// test measures the model, prints its numbers to out, the last line by
	// itself last, and writes pictures under names that begin with prefix.
	test(out io.Writer, prefix string) (map[string]number, error)
}

// A number is something measured, with its standard error.
type number struct {
	Value float64 `json:"value"`
	Error float64 `json:"error"`
}

// tasks returns all tasks. The first is the default.
func tasks() []task {
	return []task{maximum(), clustering(), digits(), unique(), process(), molecules(), concepts(), fromTable()}
}

// falls are the ways in which the rate of learning falls from what it is in the
// beginning.
var falls = map[string]func(rate float64, steps int) optim.Schedule{
	"constant": func(rate float64, _ int) optim.Schedule { return optim.Constant(rate) },
	"cosine":   func(rate float64, steps int) optim.Schedule { return optim.Cosine(rate, 0, steps) },
	"tenth": func(rate float64, steps int) optim.Schedule { // to a tenth, after 70 of 100 steps
		return optim.Steps(rate, 0.1, max(steps*7/10, 1))
	},
}

// plateau is the fall of the rate of a task that validates: it is halved as often
// as nothing better comes.
const plateau = "plateau"

var fallNames = slices.Sorted(maps.Keys(falls))
