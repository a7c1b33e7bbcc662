package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"setwise/examples/internal/show"
)

// options are the flags.
type options struct {
	data, table, label, split string
	extra                     []string
	top, solids               int
	skip                      bool
	points, epochs, dim       int
	kind, start               string
	rate, dropout, validate   float64
	turn                      string
	seed                      uint64
	model, out                string
	resume                    bool
	classify                  []string
	format                    string
	serve                     string
	given                     map[string]bool // the flags that were set
}

// parse reads the command line.
func parse(args []string, notes io.Writer) (options, error) {
	o := options{given: map[string]bool{}}
	f := flag.NewFlagSet("classify", flag.ContinueOnError)
	f.StringVar(&o.data, "data", "", "`folder` of labelled shapes, or one array of clouds, .npy or .npy.gz, of shape [shapes, points, 3]")
	f.StringVar(&o.table, "table", "", "tab- or comma-separated `file` that has a row for each cloud of the array")
	f.StringVar(&o.label, "label", "", "`column` of the table that names the class")
	f.StringVar(&o.split, "split", "", "`column` of the table that names the part, train or test")
	extra := f.String("extra", "", "`columns` of the table whose numbers each point gets, with commas between them")
	f.IntVar(&o.top, "top", 0, "keep only the `K` largest classes of the table, 2 or more")
	f.BoolVar(&o.skip, "skip", false, "pass over files of a folder that cannot be read, and say which")
	f.IntVar(&o.solids, "solids", 80, "how many solids of each class to make for training, if there is no -data")
	f.IntVar(&o.points, "points", 0, "points that stand for a shape (default 256, or 512 with -data)")
	f.IntVar(&o.epochs, "epochs", 0, "training epochs (default 16, or 60 with -data)")
	f.Float64Var(&o.rate, "rate", 0, "peak learning rate (default 0.002, or 0.001 with -data)")
	f.Float64Var(&o.dropout, "dropout", 0, "dropout `probability` (default 0, or 0.1 with -data)")
	f.StringVar(&o.kind, "model-kind", kindLocal, "`kind` of network: local, of local groups of points, or set, a Set Transformer, to which points are bare")
	f.IntVar(&o.dim, "dim", 0, "width of the network, a multiple of 4 (default 32, or 64 with -data; of -model-kind set 64 and 128)")
	f.StringVar(&o.start, "start", "", "model `file` to begin with: what it learned, but for the last layer, where names and shapes are the same")
	f.StringVar(&o.turn, "turn", "", "how to turn shapes while training: none, x, y, z (about that axis) or free (default none, or free without -data)")
	f.Float64Var(&o.validate, "validate", 0, "hold back this `fraction` of the training part of each class, and keep the epoch that is best at it")
	f.Uint64Var(&o.seed, "seed", 1, "random seed")
	f.StringVar(&o.out, "out", "classify-out", "`folder` for what training writes, in the place of what the last one wrote there")
	f.StringVar(&o.model, "model", "", "model `file` to save, which must not be there yet, or to classify with (default model.safetensors in the folder of -out, which each training writes anew)")
	f.BoolVar(&o.resume, "resume", false, "go on with a training that was stopped; give the other flags as before")
	first := f.String("classify", "", "classify the shapes in this `path` and those that follow with a saved model, instead of training")
	f.StringVar(&o.format, "format", "text", "how -classify answers: text, csv or json")
	f.StringVar(&o.serve, "serve", "", "serve a saved model at this `address`: a port, such as 8080, on this machine alone, or HOST:PORT, such as 0.0.0.0:8080")
	if err := show.Parse(f, args, notes, help); err != nil {
		return o, err
	}
	f.Visit(func(f *flag.Flag) { o.given[f.Name] = true })
	if o.given["classify"] {
		o.classify = append([]string{*first}, f.Args()...)
	} else if f.NArg() > 0 {
		return o, fmt.Errorf("want flags, got %.100q; files to classify come after -classify, and -help tells of all flags", f.Arg(0))
	}
	for _, column := range strings.Split(*extra, ",") {
		if column = strings.TrimSpace(column); column != "" {
			o.extra = append(o.extra, column)
		}
	}
	o.fill()
	return o, o.check()
}

// The kinds of networks.
const (
	kindLocal = "local"
	kindSet   = "set"
)

// fill replaces what was not given by what suits.
func (o *options) fill() {
	type choice struct {
		points, epochs, dim int
		rate, dropout       float64
		turn                string
	}
	c := map[bool]map[string]choice{
		false: {kindLocal: {256, 16, 32, 2e-3, 0, "free"}, kindSet: {256, 16, 64, 2e-3, 0, "free"}},
		true:  {kindLocal: {512, 60, 64, 2e-3, 0.3, "none"}, kindSet: {512, 60, 128, 1e-3, 0.1, "none"}},
	}[o.data != ""][o.kind]
	given := o.given
	if !given["rate"] {
		o.rate = c.rate
	}
	if !given["dropout"] {
		o.dropout = c.dropout
	}
	if !given["points"] {
		o.points = c.points
	}
	if !given["epochs"] {
		o.epochs = c.epochs
	}
	if !given["dim"] {
		o.dim = c.dim
	}
	if !given["turn"] {
		o.turn = c.turn
	}
}

// A mode is what the program is asked to do.
type mode string

const (
	onSolids mode = "learning from solids"
	onFolder mode = "learning from a folder"
	onArray  mode = "learning from an array with a table"
	toTell   mode = "-classify"
	toServe  mode = "-serve"
)

func (o *options) mode() mode {
	name := strings.TrimSuffix(strings.ToLower(o.data), ".gz")
	switch {
	case o.given["classify"]:
		return toTell
	case o.given["serve"]:
		return toServe
	case o.data == "":
		return onSolids
	case strings.HasSuffix(name, ".npy"):
		return onArray
	}
	return onFolder
}

// fit says with what each flag means something, but for those that always do
// and those that all training takes.
var fit = []struct {
	flags string
	modes []mode
	want  string
}{
	{"solids", []mode{onSolids}, "no -data with it"},
	{"skip", []mode{onFolder}, "-data FOLDER with it"},
	{"table label split extra top", []mode{onArray}, "-data ARRAY.npy and -table FILE with it"},
	{"format", []mode{toTell}, "-classify with it"},
	{"classify", []mode{toTell}, ""},
	{"serve", []mode{toServe}, "no -classify with it"},
	{"data model-kind start points epochs rate dropout dim turn validate seed resume", []mode{onSolids, onFolder, onArray}, "it for learning alone"},
}

// check reports a flag that cannot be or would mean nothing.
func (o *options) check() error {
	m := o.mode()
	for _, f := range fit {
		for _, name := range strings.Fields(f.flags) {
			if o.given[name] && !slices.Contains(f.modes, m) {
				return fmt.Errorf("-%s: want %s, got %s", name, f.want, m)
			}
		}
	}
	for name, value := range map[string]string{"data": o.data, "table": o.table, "label": o.label, "split": o.split, "model": o.model, "start": o.start, "out": o.out, "serve": o.serve} {
		if o.given[name] && value == "" {
			return fmt.Errorf("-%s: want a name, got nothing", name)
		}
	}
	most := 1 << 20
	switch {
	case o.kind != kindLocal && o.kind != kindSet:
		return fmt.Errorf("-model-kind: want local or set, got %.100q", o.kind)
	case m == onArray && (o.table == "" || o.label == ""):
		return fmt.Errorf("-data %.200q: want -table FILE and -label COLUMN, which say what its shapes are", o.data)
	case o.given["extra"] && len(o.extra) == 0:
		return fmt.Errorf("-extra: want names of columns, got nothing")
	case o.points < 1 || o.points > most:
		return fmt.Errorf("-points: want 1 to %d, got %d", most, o.points)
	case o.epochs < 1 || o.epochs > most:
		return fmt.Errorf("-epochs: want 1 to %d, got %d", most, o.epochs)
	case !(o.rate > 0 && o.rate < 1):
		return fmt.Errorf("-rate: want more than 0 and less than 1, got %v", o.rate)
	case !(o.dropout >= 0 && o.dropout < 1):
		return fmt.Errorf("-dropout: want at least 0 and less than 1, got %v", o.dropout)
	case o.given["validate"] && !(o.validate > 0 && o.validate < 1):
		return fmt.Errorf("-validate: want more than 0 and less than 1, got %v", o.validate)
	case o.dim < 4 || o.dim%4 != 0 || o.dim > 1<<12:
		return fmt.Errorf("-dim: want a multiple of 4, the number of attention heads, up to %d, got %d", 1<<12, o.dim)
	case o.solids < 1 || o.solids > 1<<16:
		return fmt.Errorf("-solids: want 1 to %d, got %d", 1<<16, o.solids)
	case o.given["top"] && o.top < 2:
		return fmt.Errorf("-top: want 2 or more classes, got %d", o.top)
	case !slices.Contains([]string{"none", "x", "y", "z", "free"}, o.turn):
		return fmt.Errorf("-turn: want none, x, y, z or free, got %.100q", o.turn)
	case !slices.Contains([]string{"text", "csv", "json"}, o.format):
		return fmt.Errorf("-format: want text, csv or json, got %.100q", o.format)
	}
	for _, path := range o.classify {
		if path == "" {
			return fmt.Errorf("-classify: want the name of a file or folder, got nothing")
		}
		if strings.HasPrefix(path, "-") && path != "-" {
			return fmt.Errorf("-classify: want files and folders after it, got %.100q; flags come before, and ./%.100s is a file", path, path)
		}
	}
	return nil
}
