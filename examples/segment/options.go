package main

import (
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// options are the flags.
type options struct {
	data                        string
	skip                        bool
	solids, points, epochs, dim int
	rate, block                 float64
	turn                        string
	seed                        uint64
	model, out, class           string
	resume                      bool
	label                       []string
	given                       map[string]bool // the flags that were set
}

const usage = `Segment learns to tell the parts of shapes apart, and labels the points of clouds.

  segment                              learn eight classes of solids whose parts are known, made on the spot
  segment -data DIR                    learn from files whose points have labels, in DIR/CLASS/*, with train/ and test/
                                       above the classes or below them, or in one folder: PLY and PCD with a property
                                       label, text with a column label, NAME.npy beside NAME.label.npy; the folder of
                                       ShapeNetPart; or arrays data.npy, label.npy and pid.npy
  segment -data DIR -block 2           learn from scans, in square columns of that side, z pointing up
  segment -model FILE -label PATH...   label the points of files, of any format: OUT/NAME.labelled.ply

`

// parse reads the command line.
func parse(args []string, out io.Writer) (options, error) {
	o := options{given: map[string]bool{}}
	f := flag.NewFlagSet("segment", flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() {
		fmt.Fprint(out, usage)
		f.PrintDefaults()
	}
	f.StringVar(&o.data, "data", "", "`folder` of shapes whose points have labels")
	f.BoolVar(&o.skip, "skip", false, "pass over files of the folder that cannot be read, and say which")
	f.IntVar(&o.solids, "solids", 100, "how many solids of each class to make for training, if there is no -data")
	f.IntVar(&o.points, "points", 0, "points that stand for a shape or a block (default 512, or 1024 with -data)")
	f.IntVar(&o.epochs, "epochs", 0, "training epochs (default 24, or 40 with -data)")
	f.Float64Var(&o.rate, "rate", 0.003, "peak learning rate")
	f.IntVar(&o.dim, "dim", 32, "width of the network, at the points; groups have two and four times as much")
	f.StringVar(&o.turn, "turn", "", "how to turn shapes while training: none, z (about that axis) or free (default none, or z without -data)")
	f.Float64Var(&o.block, "block", 0, "look at scans in square columns of this `side`, in the units of the files; 0: at whole shapes")
	f.Uint64Var(&o.seed, "seed", 1, "random seed")
	f.StringVar(&o.out, "out", "segment-out", "`folder` for what is written")
	f.StringVar(&o.model, "model", "", "model `file` to save, or to label with (default model.safetensors in the folder of -out)")
	save := f.String("save", "", "model `file` to save, another name of -model")
	f.BoolVar(&o.resume, "resume", false, "go on with a training that was stopped; give the other flags as before")
	first := f.String("label", "", "label the points of this `path` and those that follow with a saved model, instead of training")
	f.StringVar(&o.class, "class", "", "label with the parts of this `class` alone")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	f.Visit(func(f *flag.Flag) { o.given[f.Name] = true })
	if o.given["label"] {
		o.label = append([]string{*first}, f.Args()...)
	} else if f.NArg() > 0 {
		return o, fmt.Errorf("want flags, got %.100q; files to label come after -label", f.Arg(0))
	}
	if o.given["save"] && o.given["model"] {
		return o, fmt.Errorf("-save: want no -model with it, which is the same, got both")
	}
	if o.given["save"] {
		o.model = *save
	}
	o.fill()
	return o, o.check()
}

// fill replaces what was not given by what suits.
func (o *options) fill() {
	points, epochs, turn := 512, 24, "z"
	if o.data != "" {
		points, epochs, turn = 1024, 40, "none"
	}
	if !o.given["points"] {
		o.points = points
	}
	if !o.given["epochs"] {
		o.epochs = epochs
	}
	if !o.given["turn"] {
		o.turn = turn
	}
}

// check reports a flag that cannot be or would mean nothing.
func (o *options) check() error {
	const most = 1 << 20
	labels := len(o.label) > 0
	for _, name := range strings.Fields("data skip solids points epochs rate dim turn block seed save resume") {
		if o.given[name] && labels {
			return fmt.Errorf("-%s: want it for learning alone, got -label", name)
		}
	}
	for name, value := range map[string]string{"data": o.data, "model": o.model, "save": o.model, "out": o.out, "class": o.class} {
		if o.given[name] && value == "" {
			return fmt.Errorf("-%s: want a name, got nothing", name)
		}
	}
	switch {
	case o.given["class"] && !labels:
		return fmt.Errorf("-class: want -label with it, got learning")
	case o.given["solids"] && o.data != "":
		return fmt.Errorf("-solids: want no -data with it, got %.100q", o.data)
	case (o.given["skip"] || o.given["block"]) && o.data == "":
		return fmt.Errorf("-skip and -block: want -data with them, got solids")
	case o.points < 8 || o.points > most:
		return fmt.Errorf("-points: want 8 to %d, got %d", most, o.points)
	case o.epochs < 1 || o.epochs > most:
		return fmt.Errorf("-epochs: want 1 to %d, got %d", most, o.epochs)
	case !(o.rate > 0 && o.rate < 1):
		return fmt.Errorf("-rate: want more than 0 and less than 1, got %v", o.rate)
	case o.dim < 4 || o.dim > 1<<10:
		return fmt.Errorf("-dim: want 4 to %d, got %d", 1<<10, o.dim)
	case o.solids < 1 || o.solids > 1<<16:
		return fmt.Errorf("-solids: want 1 to %d, got %d", 1<<16, o.solids)
	case !(o.block >= 0 && o.block <= 1e9) || o.given["block"] && o.block == 0:
		return fmt.Errorf("-block: want a side above 0, up to 1e9, got %v", o.block)
	case !slices.Contains([]string{"none", "z", "free"}, o.turn):
		return fmt.Errorf("-turn: want none, z or free, got %.100q", o.turn)
	}
	for i, path := range o.label {
		if path == "" {
			return fmt.Errorf("-label: want the name of a file, got nothing")
		}
		if i > 0 && strings.HasPrefix(path, "-") {
			return fmt.Errorf("-label: want files after it, got %.100q; flags come before, and ./%.100s is a file", path, path)
		}
	}
	return nil
}

// modelFile returns where the model is saved.
func (o options) modelFile() string {
	if o.model != "" {
		return o.model
	}
	return filepath.Join(o.out, "model.safetensors")
}
