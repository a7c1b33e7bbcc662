// Classify learns to tell shapes apart, from files of meshes and clouds or from
// arrays of points, and tells shapes apart with what it learned.
//
//	go run ./examples/classify
//
// makes twelve classes of solids in a temporary folder, learns from some,
// classifies the others, and writes a model and pictures. Its other uses are in
//
//	go run ./examples/classify -help
//
// An interrupt (Ctrl-C) saves the training; -resume goes on with it.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"setwise/examples/internal/show"
	"setwise/internal/atomicfile"
	"setwise/io/dataset"
	"setwise/layers/train"
	"setwise/pointcloud"
	"setwise/pointcloud/view"
)

func main() { show.Main("classify", run) }

// run is the program: results go to out, progress and help to notes.
func run(ctx context.Context, args []string, out, notes io.Writer) error {
	o, err := parse(args, notes)
	if err != nil {
		return err
	}
	if len(o.classify) > 0 {
		return classify(o, out)
	}
	return learn(ctx, o, out, notes)
}

// modelFile returns where the model is saved.
func (o options) modelFile() string {
	if o.model != "" {
		return o.model
	}
	return filepath.Join(o.out, "model.safetensors")
}

// classify tells what the shapes in files are.
func classify(o options, out io.Writer) error {
	m, err := open(o.modelFile())
	if err != nil {
		return err
	}
	if n := len(m.Features.Columns); n > 0 {
		return fmt.Errorf("%s: want a model of shapes alone, got one that needs %v of each", o.modelFile(), m.Features.Columns)
	}
	var failed []error
	for _, name := range o.classify {
		s, err := dataset.Read(name)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		shapes := []dataset.Shape{s}
		addNormals(shapes)
		p := m.classify(shapes, votes)[0]
		order := ascending(p)
		slices.Reverse(order)
		fmt.Fprintf(out, "%s:", name)
		for _, c := range order[:min(5, len(order))] {
			fmt.Fprintf(out, "  %s %.3f", m.Classes[c], p[c])
		}
		fmt.Fprintln(out)
	}
	return errors.Join(failed...)
}

// ascending returns the places of values from the least to the largest.
func ascending(values []float64) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	return order
}

// learn trains a model, tests it, and writes what there is to see.
func learn(ctx context.Context, o options, out, notes io.Writer) error {
	shapes, err := load(o)
	if err != nil {
		return err
	}
	addNormals(shapes.Shapes)
	known, unseen, err := shapes.Split(0.8, rand.New(rand.NewPCG(o.seed, 2)))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d shapes of %d classes to learn from, %d unseen to be tested on\n", len(known), len(shapes.Classes), len(unseen))
	m, err := newModel(o, shapes.Classes, newFeatures(o, shapes.Columns, known))
	if err != nil {
		return err
	}
	l := &lesson{model: m, known: known, unseen: unseen, epochs: o.epochs, rate: o.rate, seed: o.seed}
	if l.augment, err = m.Features.augment(); err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	if err := l.train(ctx, o, notes); err != nil {
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			if _, err := os.Stat(o.partFile()); err != nil {
				fmt.Fprintln(out, "stopped before the first step")
				return nil
			}
			fmt.Fprintf(out, "stopped; the same command with -resume goes on from %s\n", o.partFile())
			return nil
		}
		return err
	}
	if err := m.save(o.modelFile()); err != nil {
		return err
	}
	if err := os.Remove(o.partFile()); err != nil {
		return err
	}
	return l.report(o, out)
}

// partFile returns where an unfinished training is saved.
func (o options) partFile() string { return o.modelFile() + ".part" }

// train trains the model from the beginning, or from where it stopped if that
// is asked for.
func (l *lesson) train(ctx context.Context, o options, notes io.Writer) error {
	var from *train.State
	if o.resume {
		var err error
		if from, err = l.openPart(o.partFile()); err != nil {
			return err
		}
	}
	return l.learn(ctx, notes, func(s train.State) error { return l.savePart(o.partFile(), s) }, from)
}

// report tests the model on unseen shapes, and tells and draws how it did.
func (l *lesson) report(o options, out io.Writer) error {
	confusion := l.test(votes)
	for i, name := range l.Classes {
		right, all := confusion.Class(i)
		fmt.Fprintf(out, "%-24s %4d of %4d  %.3f\n", name, right, all, float64(right)/float64(max(all, 1)))
	}
	fmt.Fprintf(out, "mean over classes %.3f\n\n", confusion.MeanClassAccuracy())
	s := l.unseen[0]
	cloud := s.Points(2048, rand.New(rand.NewPCG(l.seed, 3)))
	look, item := byRank("attention in "+s.Name, cloud, l.attention(cloud, s.Extra))
	for _, picture := range []struct {
		name, what string
		draw       func(io.Writer) error
	}{
		{"curve.png", "learning curve", func(w io.Writer) error { return drawCurve(w, l.curve) }},
		{"confusion.png", "confusion matrix", func(w io.Writer) error { return drawConfusion(w, confusion, l.Classes) }},
		{"attention.png", "attention that the points of " + s.Name + " get", func(w io.Writer) error { return view.PNG(w, look, item) }},
		{"cloud.html", "the same to turn with the mouse, in a browser", func(w io.Writer) error { return view.HTML(w, look, item) }},
	} {
		name := filepath.Join(o.out, picture.name)
		if err := atomicfile.Write(name, picture.draw); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(out, "wrote %s: %s\n", name, picture.what)
	}
	fmt.Fprintf(out, "wrote %s: the model\n", o.modelFile())
	fmt.Fprintf(out, "accuracy %.2f on %d unseen shapes of %d classes\n", confusion.Accuracy(), len(l.unseen), len(l.Classes))
	return nil
}

// attention returns how much the pool attends to each point of a cloud.
func (m *model) attention(c pointcloud.Cloud, extra []float64) []float64 {
	w := m.net.Attention(m.Features.elements(c, extra))
	mean := make([]float64, w.Len())
	for i := range mean {
		for _, x := range w.Row(i) {
			mean[i] += float64(x) / float64(w.Dim)
		}
	}
	return mean
}
