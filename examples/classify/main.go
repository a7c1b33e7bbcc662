// Classify learns to tell shapes apart, from files of meshes and clouds or from
// arrays of points, and tells shapes apart with what it learned.
//
//	go run ./examples/classify
//
// makes twelve classes of solids, learns from some, classifies the others, and
// writes a model and pictures. Its other uses are in
//
//	go run ./examples/classify -help
//
// The network is one of local groups of points ([setwise/layers/local]), or with
// -model-kind set a Set Transformer. It is trained by the recipe of
// [setwise/layers/train.Recipe], a smoothing of 0.2, and points drawn anew in every
// epoch, varied as [setwise/layers/classifier.Features.Augment] tells. -start FILE
// begins with what a model of other classes has learned. Every epoch is told with
// the accuracy on unseen shapes, the minutes since the beginning and the clouds
// learned a second, which are a line in epochs.csv, too, and a point in curve.png and
// minutes.png.
//
// An interrupt (Ctrl-C) saves the training; -resume goes on with it. What is
// passed over, estimated or differs between the parts is said on standard error
// before the work. A training writes anew what is in the folder of -out, but not a
// file that -model names. Programs use what was learned by package
// [setwise/layers/classifier].
//
// # The service
//
// With -serve 8080 it answers at http://127.0.0.1:8080: GET / by a page with a
// form, and POST /classify, whose body is a file, or a form with one file in it:
//
//	curl --data-binary @part.stl 'http://127.0.0.1:8080/classify?name=part.stl'
//	curl -F shape=@part.stl http://127.0.0.1:8080/classify
//
// The name tells the format of files that do not tell it by themselves. The
// answer is JSON, or a page for whom accepts text/html:
//
//	{"file":"part.stl","class":"bolt","probability":0.97,"unlike":false,"distance":0.8,
//	 "probabilities":{"bolt":0.97,...},"notes":["it has no normals, ..."]}
//
// where "unlike" and "distance" are null if that cannot be told: of fewer than 49
// training shapes, or of a shape of too few points. Errors are {"error":"..."},
// with status 400 for what cannot be classified, 404 and 405 for other paths and
// methods, 413 for more than 16 MiB, and 503 with Retry-After when 1,000 uploads
// wait already or one has waited for 20 seconds. A shape may have 1,048,576 points
// and as many faces, and a request may take 30 seconds to arrive.
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
	"runtime"
	"slices"
	"time"

	"setwise/examples/internal/files"
	"setwise/examples/internal/show"
	"setwise/layers/classifier"
	"setwise/pointcloud/view"
)

func main() { show.Main("classify", run) }

// run is the program: results go to out, progress and help to notes.
func run(ctx context.Context, args []string, out, notes io.Writer) error {
	o, err := parse(args, notes)
	switch m := o.mode(); {
	case err != nil:
		return err
	case m == toTell:
		return tell(ctx, o, os.Stdin, out, notes)
	case m == toServe:
		return serve(ctx, o, out, notes)
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
	if err := o.checkPart(); err != nil {
		return err
	}
	replaced, err := o.checkModel()
	if err != nil {
		return err
	}
	shapes, err := load(o, notes)
	if err != nil {
		return err
	}
	prepare(shapes.Shapes, o.points, notes)
	known, held, unseen, err := split(shapes, o, notes)
	if err != nil {
		return err
	}
	l, err := newLesson(o, shapes.Classes, shapes.Columns, known, held, unseen)
	if err != nil {
		return err
	}
	if o.start != "" {
		if err := l.start(o.start, notes); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%s of %d classes to learn from, ", show.Count(len(known), "shape"), len(shapes.Classes))
	if len(held) > 0 {
		fmt.Fprintf(out, "%d to choose the epoch by, ", len(held))
	}
	fmt.Fprintf(out, "%d unseen to be tested on\n%s (-turn %s)\n", len(unseen), turning(o.turn), o.turn)
	if l.standOtherwise() {
		fmt.Fprintln(notes, "the unseen shapes are turned or proportioned otherwise than those to learn from; -turn free learns shapes in any position")
	}
	if replaced {
		fmt.Fprintf(notes, "%s is there from a training before: the model of this one takes its place (-out or -model say otherwise)\n", show.Plain(o.modelFile()))
	}
	for _, dir := range []string{o.out, filepath.Dir(o.modelFile())} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	if err := l.learn(ctx, o, notes); err != nil {
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			if _, err := os.Stat(o.partFile()); err != nil {
				fmt.Fprintln(out, "stopped before the first step")
				return nil
			}
			fmt.Fprintf(out, "stopped; the same command with -resume goes on from %s\n", show.Plain(o.partFile()))
			return nil
		}
		return err
	}
	l.Known = classifier.NewKnown(examples(known))
	if err := l.Save(o.modelFile()); err != nil {
		return err
	}
	if err := os.Remove(o.partFile()); err != nil {
		return err
	}
	return l.report(o, out)
}

// report tests the model on unseen shapes, and tells and draws how it did.
func (l *lesson) report(o options, out io.Writer) error {
	begun := time.Now()
	confusion := l.test(examples(l.unseen))
	speed := float64(len(l.unseen)*classifier.Votes) / time.Since(begun).Seconds()
	for i, name := range l.Classes {
		right, all := confusion.Class(i)
		fmt.Fprintf(out, "%-24s %4d of %4d  %.3f\n", show.Plain(name), right, all, float64(right)/float64(max(all, 1)))
	}
	fmt.Fprintf(out, "mean over classes %.3f\n", confusion.MeanClassAccuracy())
	if len(l.held) > 0 {
		best := l.curve.best()
		fmt.Fprintf(out, "kept epoch %d of %d, with the least validation loss, %.3f\n", best, len(l.curve.Epochs), l.curve.Epochs[best-1].ValidationLoss)
	}
	if l.Features.Turn != "free" {
		lost := l.test(turnedAtRandom(l.unseen, rand.New(rand.NewPCG(o.seed, 7))))
		fmt.Fprintf(out, "accuracy %.2f if the unseen shapes are turned at random, which -turn free learns to see through\n", lost.Accuracy())
	}
	l.robust(o.seed, out)
	if l.Known.Tells() {
		unlike := 0
		for _, e := range examples(l.unseen) {
			if d, points := l.Known.Distance(e); points >= l.Known.Points && d > l.Known.Limit {
				unlike++
			}
		}
		fmt.Fprintf(out, "unlike anything learned: %d of %s, where about 2 in 100 are so by chance\n", unlike, show.Count(len(l.unseen), "unseen shape"))
	} else {
		fmt.Fprintln(out, "too few shapes to tell later what is unlike them: that takes 49")
	}
	last := l.curve.Epochs[len(l.curve.Epochs)-1]
	fmt.Fprintf(out, "%.1f minutes of training; %.0f clouds a second learned and %.0f classified, of up to %d points, %d for each answer, with %s\n",
		last.Seconds/60, last.Speed, speed, l.Features.Points, classifier.Votes, show.Count(runtime.GOMAXPROCS(0), "core"))
	fmt.Fprintln(out)
	s := l.unseen[0]
	cloud := s.Points(2048, rand.New(rand.NewPCG(o.seed, 3)))
	look, item := byRank("attention in "+s.Name, cloud, l.Attention(cloud, s.Extra))
	for _, picture := range []struct {
		name, what string
		draw       func(io.Writer) error
	}{
		{"curve.png", "learning curve", func(w io.Writer) error { return drawCurve(w, l.curve, len(l.held) > 0) }},
		{"minutes.png", "accuracy by minute", func(w io.Writer) error { return drawMinutes(w, l.curve, len(l.held) > 0) }},
		{"confusion.png", "confusion matrix", func(w io.Writer) error { return drawConfusion(w, confusion, l.Classes) }},
		{"attention.png", "attention that the points of " + show.Plain(s.Name) + " get", func(w io.Writer) error { return view.PNG(w, look, item) }},
		{"cloud.html", "the same to turn with the mouse, in a browser", func(w io.Writer) error { return view.HTML(w, look, item) }},
	} {
		name := filepath.Join(o.out, picture.name)
		if err := files.Write(name, picture.draw); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(out, "wrote %s: %s\n", show.Plain(name), picture.what)
	}
	fmt.Fprintf(out, "wrote %s: the epochs in numbers\n", show.Plain(filepath.Join(o.out, "epochs.csv")))
	fmt.Fprintf(out, "wrote %s: the model\n", show.Plain(o.modelFile()))
	fmt.Fprintf(out, "accuracy %.2f on %s of %d classes\n", confusion.Accuracy(), show.Count(len(l.unseen), "unseen shape"), len(l.Classes))
	return nil
}
