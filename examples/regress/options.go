package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// options are the flags.
type options struct {
	task    task
	model   string
	steps   int
	rate    float64
	fall    string
	sets    int
	seed    uint64
	seeds   int
	out     string
	resume  bool
	data    string
	predict string
	table   columns
	machine string
	report  string
}

// parse reads the command line.
func parse(args []string, out io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("regress", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	help := func() {
		fmt.Fprint(out, usage)
		for _, t := range tasks() {
			fmt.Fprintf(out, "task %s: %s\n    models %s\n", t.name, t.about, strings.Join(t.models, ", "))
			if t.data != (source{}) {
				fmt.Fprintf(out, "    %s\n", t.data)
			}
		}
		fmt.Fprint(out, "\n", csvHelp)
		f.SetOutput(out)
		f.PrintDefaults()
	}
	name := f.String("task", tasks()[0].name, "what to learn")
	f.StringVar(&o.model, "model", "", "which `model` learns (default the first of the task's)")
	f.IntVar(&o.steps, "steps", 0, "training steps (default those of the task); of task csv the most that are taken")
	f.Float64Var(&o.rate, "rate", 0, "initial learning rate (default that of the task)")
	f.StringVar(&o.fall, "fall", "", "learning-rate schedule: "+strings.Join(fallNames, ", ")+", which is a tenth after 70 % of the steps (default that of the task); of task csv plateau too")
	f.IntVar(&o.sets, "sets", 0, "how many sets to test on (default those of the task)")
	f.Uint64Var(&o.seed, "seed", 1, "random seed of the training; test sets are the same for all seeds")
	f.IntVar(&o.seeds, "seeds", 1, "how many seeds to run, from -seed on, for their mean and its standard error")
	f.StringVar(&o.out, "out", "regress-out", "`folder` for models, numbers and pictures")
	f.BoolVar(&o.resume, "resume", false, "go on with what was stopped, and keep what was finished; give the other flags as before")
	f.StringVar(&o.data, "data", "", "`file` of task csv, or folder of the files that the task learns from")
	f.StringVar(&o.table.Set, "set", "set", "`column` of a table that tells which set a row is of (task csv)")
	f.Func("target", "`column` of a table to predict; again for more (task csv, default target)", another(&o.table.Targets))
	f.Func("features", "`column` of a table to predict from; again for more (task csv, default all that can be used)", another(&o.table.Features))
	f.Func("category", "`column` of a table whose numbers are names of categories; again for more (task csv)", another(&o.table.Categories))
	f.StringVar(&o.table.Missing, "missing", refuse, "what a missing cell is: `refuse`, an error, or mean, the mean of its column and a mark, in columns of categories a mark alone (task csv)")
	f.StringVar(&o.predict, "predict", "", "instead of learning, predict for the sets of this `table`, - for standard input, by the file of -model")
	f.StringVar(&o.machine, "machine", machine(), "what the results say they were computed by")
	f.StringVar(&o.report, "report", "", "instead of learning, write a page of tables from the results in this `folder`")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		help()
		return o, err
	} else if err != nil {
		return o, fmt.Errorf("%w; regress -help tells of all flags", err)
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("want flags, got %q; regress -help tells of them", f.Arg(0))
	}
	i := slices.IndexFunc(tasks(), func(t task) bool { return t.name == *name })
	if i < 0 {
		var names []string
		for _, t := range tasks() {
			names = append(names, t.name)
		}
		return o, fmt.Errorf("-task: want one of %s, got %q", strings.Join(names, ", "), *name)
	}
	o.task = tasks()[i]
	var given []string
	f.Visit(func(f *flag.Flag) { given = append(given, f.Name) })
	if err := o.belong(given); err != nil {
		return o, err
	}
	if o.report != "" {
		return o, nil
	}
	if o.predict != "" {
		if o.model == "" {
			return o, errors.New("-predict: want -model with the file of a model of task csv")
		}
		return o, nil
	}
	if o.table.Targets == nil {
		o.table.Targets = []string{"target"}
	}
	o.fill(given)
	return o, o.check()
}

// fill replaces what was not given by what the task has.
func (o *options) fill(given []string) {
	missing := func(flag string) bool { return !slices.Contains(given, flag) }
	if missing("model") {
		o.model = o.task.models[0]
	}
	if missing("steps") {
		o.steps = o.task.steps
		if o.model == o.task.first {
			o.steps = firstSteps
		}
	}
	if missing("rate") {
		o.rate = o.task.rate
	}
	if missing("fall") {
		o.fall = o.task.fall
	}
	if missing("sets") {
		o.sets = o.task.sets
	}
}

// before returns the options of the run that a run with options o builds on, if
// its task has a model for that.
func (o *options) before() options {
	first := *o
	first.model, first.steps, first.rate, first.fall, first.resume = o.task.first, min(firstSteps, o.steps), o.task.rate, o.task.fall, true
	return first
}

// firstSteps is how many steps at most are taken for what other models build on.
const firstSteps = 12_000

const most = 1 << 24 // steps, and sets to test on

func (o *options) check() error {
	switch {
	case !slices.Contains(o.task.models, o.model):
		return fmt.Errorf("-model: want one of %s, got %q", strings.Join(o.task.models, ", "), o.model)
	case o.task.data.files != "" && o.task.data.folder == "" && o.data == "":
		return fmt.Errorf("task %s %s", o.task.name, o.task.data)
	case o.steps < 1 || o.steps > most:
		return fmt.Errorf("-steps: want 1 to %d, got %d", most, o.steps)
	case !(o.rate > 0 && o.rate < 1):
		return fmt.Errorf("-rate: want more than 0 and less than 1, got %v", o.rate)
	case falls[o.fall] == nil && (o.fall != plateau || o.task.fall != plateau):
		return fmt.Errorf("-fall: want one of %s, got %q", strings.Join(fallNames, ", "), o.fall)
	case o.sets < 2 || o.sets > most:
		return fmt.Errorf("-sets: want 2 to %d, got %d", most, o.sets)
	case o.table.Missing != refuse && o.table.Missing != fill:
		return fmt.Errorf("-missing: want %s or %s, got %q", refuse, fill, o.table.Missing)
	case o.seeds < 1 || o.seeds > 1000:
		return fmt.Errorf("-seeds: want 1 to 1000, got %d", o.seeds)
	}
	return nil
}

// prefix returns how the names of all files of a run begin. A learning rate and a
// schedule that are not those of the task are part of it; the number of steps is
// not.
func (o *options) prefix() string {
	name := o.task.name + "-" + o.model
	if o.fall != o.task.fall {
		name += "-" + o.fall
	}
	if o.rate != o.task.rate {
		name += fmt.Sprintf("-%g", o.rate)
	}
	return filepath.Join(o.out, fmt.Sprintf("%s-%d", name, o.seed))
}
