package study

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"setwise/examples/internal/show"
)

// Options are what the flags say.
type Options struct {
	Task  Task
	Model string
	Steps int
	Rate  float64
	Fall  string
	Sets  int // to test on
	Seed  uint64
	Out   string // folder
	Data  string // file or folder, "" if it was not given
	Table Columns

	seeds                    int
	resume                   bool
	predict, report, machine string
}

const usage = `Regress learns functions of sets, as the papers did, and prints its numbers beside theirs.

  regress                                      learn to tell the largest number of a set
  regress -task TASK -model MODEL              learn another task
  regress -task csv -data FILE                 learn from a table of your own: see below
  regress -report DIR                          make a page of tables from the results in DIR

`

// help writes what the tasks are.
func help(tasks []Task, out io.Writer) {
	fmt.Fprint(out, usage)
	for _, t := range tasks {
		fmt.Fprintf(out, "task %s: %s\n    models %s\n", t.Name, t.About, strings.Join(t.Models, ", "))
		if t.Data != (Data{}) {
			fmt.Fprintf(out, "    %s\n", t.Data)
		}
	}
	for _, t := range tasks {
		if t.Help != "" {
			fmt.Fprint(out, "\n", t.Help)
		}
	}
}

// parse reads the command line.
func parse(tasks []Task, args []string, notes io.Writer) (Options, error) {
	var o Options
	f := flag.NewFlagSet("regress", flag.ContinueOnError)
	name := f.String("task", tasks[0].Name, "what to learn")
	f.StringVar(&o.Model, "model", "", "which `model` learns (default the first of the task's)")
	f.IntVar(&o.Steps, "steps", 0, "training steps (default those of the task); of task csv the most that are taken")
	f.Float64Var(&o.Rate, "rate", 0, "initial learning rate (default that of the task)")
	f.StringVar(&o.Fall, "fall", "", "learning-rate schedule: "+strings.Join(fallNames(), ", ")+", which is a tenth after 70 % of the steps (default that of the task); of task csv "+Plateau+" too")
	f.IntVar(&o.Sets, "sets", 0, "how many sets to test on, or of task csv how many of the table to use (default those of the task)")
	f.Uint64Var(&o.Seed, "seed", 1, "random seed of the training; test sets are the same for all seeds")
	f.IntVar(&o.seeds, "seeds", 1, "how many seeds to run, from -seed on, for their mean and its standard error")
	f.StringVar(&o.Out, "out", "regress-out", "`folder` for models, numbers and pictures")
	f.BoolVar(&o.resume, "resume", false, "go on with what was stopped, and keep what was finished; give the other flags as before")
	f.StringVar(&o.Data, "data", "", "`file` of task csv, or folder of the files that the task learns from")
	o.Table.define(f)
	f.StringVar(&o.predict, "predict", "", "instead of learning, predict for the sets of this `table`, - for standard input, by the file of -model")
	f.StringVar(&o.machine, "machine", machine(), "what the results say they were computed by")
	f.StringVar(&o.report, "report", "", "instead of learning, write a page of tables from the results in this `folder`")
	if err := show.Parse(f, args, notes, func(out io.Writer) { help(tasks, out) }); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("want flags, got %.300q; -help tells of them", f.Arg(0))
	}
	i := slices.IndexFunc(tasks, func(t Task) bool { return t.Name == *name })
	if i < 0 {
		var names []string
		for _, t := range tasks {
			names = append(names, t.Name)
		}
		return o, fmt.Errorf("-task: want one of %s, got %.300q", strings.Join(names, ", "), *name)
	}
	o.Task = tasks[i]
	var given []string
	f.Visit(func(f *flag.Flag) { given = append(given, f.Name) })
	if err := o.belong(given); err != nil {
		return o, err
	}
	if o.report != "" {
		return o, nil
	}
	if o.predict != "" {
		i := slices.IndexFunc(tasks, func(t Task) bool { return t.Predict != nil })
		if o.Model == "" || i < 0 {
			return o, errors.New("-predict: want -model with the file of a model of task csv")
		}
		o.Task = tasks[i]
		return o, nil
	}
	if o.Table.Targets == nil {
		o.Table.Targets = []string{"target"}
	}
	o.fill(given)
	return o, o.check()
}

// fill replaces what was not given by what the task has.
func (o *Options) fill(given []string) {
	missing := func(flag string) bool { return !slices.Contains(given, flag) }
	if missing("model") {
		o.Model = o.Task.Models[0]
	}
	if missing("steps") {
		o.Steps = o.Task.Steps
		if o.Model == o.Task.First {
			o.Steps = firstSteps
		}
	}
	if missing("rate") {
		o.Rate = o.Task.Rate
	}
	if missing("fall") {
		o.Fall = o.Task.Fall
	}
	if missing("sets") {
		o.Sets = o.Task.Sets
	}
}

// before returns the options of the run that a run with options o builds on, if
// its task has a model for that.
func (o *Options) before() Options {
	first := *o
	first.Model, first.Steps, first.Rate, first.Fall, first.resume = o.Task.First, min(firstSteps, o.Steps), o.Task.Rate, o.Task.Fall, true
	return first
}

// firstSteps is how many steps at most are taken for what other models build on.
const firstSteps = 12_000

// Most is how many steps can be taken, and how many sets tested on.
const Most = 1 << 24

func (o *Options) check() error {
	switch {
	case !slices.Contains(o.Task.Models, o.Model):
		return fmt.Errorf("-model: want one of %s, got %q", strings.Join(o.Task.Models, ", "), o.Model)
	case o.Task.Data.Files != "" && o.Task.Data.Folder == "" && o.Data == "":
		return fmt.Errorf("task %s %s", o.Task.Name, o.Task.Data)
	case o.Steps < 1 || o.Steps > Most:
		return fmt.Errorf("-steps: want 1 to %d, got %d", Most, o.Steps)
	case !(o.Rate > 0 && o.Rate < 1):
		return fmt.Errorf("-rate: want more than 0 and less than 1, got %v", o.Rate)
	case falls()[o.Fall] == nil && (o.Fall != Plateau || o.Task.Fall != Plateau):
		names := fallNames()
		if o.Task.Fall == Plateau {
			names = append(names, Plateau)
		}
		return fmt.Errorf("-fall: want one of %s, got %q", strings.Join(names, ", "), o.Fall)
	case o.Sets < 2 || o.Sets > Most:
		return fmt.Errorf("-sets: want 2 to %d, got %d", Most, o.Sets)
	case o.Table.Missing != Refuse && o.Table.Missing != Fill:
		return fmt.Errorf("-missing: want %s or %s, got %.300q", Refuse, Fill, o.Table.Missing)
	case o.seeds < 1 || o.seeds > 1000:
		return fmt.Errorf("-seeds: want 1 to 1000, got %d", o.seeds)
	}
	return nil
}

// prefix returns how the names of all files of a run begin. A learning rate and a
// schedule that are not those of the task are part of it; the number of steps is
// not.
func (o *Options) prefix() string {
	name := o.Task.Name + "-" + o.Model
	if o.Fall != o.Task.Fall {
		name += "-" + o.Fall
	}
	if o.Rate != o.Task.Rate {
		name += fmt.Sprintf("-%g", o.Rate)
	}
	return filepath.Join(o.Out, fmt.Sprintf("%s-%d", name, o.Seed))
}
