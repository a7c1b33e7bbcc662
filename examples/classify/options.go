package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"setwise/io/shape"
)

// options are the flags.
type options struct {
	data, table, label, split string
	extra                     []string
	top, solids               int
	points, epochs, dim       int
	rate, dropout             float64
	turn                      string
	seed                      uint64
	model, out                string
	resume                    bool
	classify                  []string
}

const usage = `Classify learns to tell shapes apart, and tells shapes apart with what it learned.

  classify                                     learn twelve classes of solids, made on the spot
  classify -data DIR                           learn from DIR/CLASS/*, or with train/ and test/ above the classes
                                               or below them: files of any format, such as those of ModelNet40
                                               and ShapeNet, or arrays data.npy with label.npy
  classify -data A.npy.gz -table T.tsv -label COLUMN
                                               learn from an array of clouds and a table with a row for each
  classify -model FILE -classify FILE...       tell what the shapes in some files are

Shapes are meshes and clouds in files that end in
  %s
or in one of these and .gz.

`

// parse reads the command line.
func parse(args []string, out io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("classify", flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() {
		fmt.Fprintf(out, usage, strings.Join(shape.Ends(), " "))
		f.PrintDefaults()
	}
	f.StringVar(&o.data, "data", "", "`folder` of labelled shapes, or one array of clouds, .npy or .npy.gz, of shape [shapes, points, 3]")
	f.StringVar(&o.table, "table", "", "tab- or comma-separated `file` that has a row for each cloud of the array")
	f.StringVar(&o.label, "label", "", "`column` of the table that names the class")
	f.StringVar(&o.split, "split", "", "`column` of the table that names the part, train or test")
	extra := f.String("extra", "", "`columns` of the table whose numbers each point gets, with commas between them")
	f.IntVar(&o.top, "top", 0, "keep only the `K` largest classes of the table")
	f.IntVar(&o.solids, "solids", 80, "how many solids of each class to make for training, if there is no -data")
	f.IntVar(&o.points, "points", 0, "points that stand for a shape (default 256, or 512 with -data)")
	f.IntVar(&o.epochs, "epochs", 0, "training epochs (default 16, or 60 with -data)")
	f.Float64Var(&o.rate, "rate", 0, "peak learning rate (default 0.002, or 0.001 with -data)")
	f.Float64Var(&o.dropout, "dropout", -1, "dropout `probability` (default 0, or 0.1 with -data)")
	f.IntVar(&o.dim, "dim", 0, "width of the network, a multiple of 4 (default 64, or 128 with -data)")
	f.StringVar(&o.turn, "turn", "", "how to turn shapes while training: none, x, y, z (about that axis) or free (default none, or free without -data)")
	f.Uint64Var(&o.seed, "seed", 1, "random seed")
	f.StringVar(&o.out, "out", "classify-out", "`folder` for what training writes")
	f.StringVar(&o.model, "model", "", "model `file` to save, or to classify with (default model.safetensors in the folder of -out)")
	f.BoolVar(&o.resume, "resume", false, "go on with a training that was stopped; give the other flags as before")
	first := f.String("classify", "", "classify this `file` and those that follow with a saved model, instead of training")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if *first != "" {
		o.classify = append([]string{*first}, f.Args()...)
	} else if f.NArg() > 0 {
		return o, fmt.Errorf("want flags, got %q; files to classify come after -classify", f.Arg(0))
	}
	for _, column := range strings.Split(*extra, ",") {
		if column = strings.TrimSpace(column); column != "" {
			o.extra = append(o.extra, column)
		}
	}
	o.fill()
	return o, o.check()
}

// fill replaces zero fields by what suits.
func (o *options) fill() {
	points, epochs, dim, rate, dropout, turn := 256, 16, 64, 2e-3, 0.0, "free"
	if o.data != "" {
		points, epochs, dim, rate, dropout, turn = 512, 60, 128, 1e-3, 0.1, "none"
	}
	if o.rate == 0 {
		o.rate = rate
	}
	if o.dropout < 0 {
		o.dropout = dropout
	}
	if o.points == 0 {
		o.points = points
	}
	if o.epochs == 0 {
		o.epochs = epochs
	}
	if o.dim == 0 {
		o.dim = dim
	}
	if o.turn == "" {
		o.turn = turn
	}
}

func (o *options) check() error {
	switch {
	case o.points < 1 || o.points > 1<<20:
		return fmt.Errorf("-points: want 1 to %d, got %d", 1<<20, o.points)
	case o.epochs < 1:
		return fmt.Errorf("-epochs: want at least 1, got %d", o.epochs)
	case !(o.rate > 0 && o.rate < 1):
		return fmt.Errorf("-rate: want more than 0 and less than 1, got %v", o.rate)
	case !(o.dropout >= 0 && o.dropout < 1):
		return fmt.Errorf("-dropout: want at least 0 and less than 1, got %v", o.dropout)
	case o.solids < 1:
		return fmt.Errorf("-solids: want at least 1, got %d", o.solids)
	case o.top < 0:
		return fmt.Errorf("-top: want at least 0, got %d", o.top)
	case o.table == "" && (o.label != "" || o.split != "" || len(o.extra) > 0 || o.top > 0):
		return errors.New("-label, -split, -extra and -top name columns of a table: want -table FILE with them")
	}
	_, err := features{Turn: o.turn}.augment()
	return err
}
