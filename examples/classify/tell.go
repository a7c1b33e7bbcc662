package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"setwise/examples/internal/show"
	"setwise/io/dataset"
	"setwise/io/shape"
	"setwise/layers/classifier"
)

// tell says what the shapes in files and folders are. A file that cannot be read
// does not stop the others.
func tell(ctx context.Context, o options, in io.Reader, out, notes io.Writer) error {
	c, err := openModel(o, notes)
	if err != nil {
		return err
	}
	answers := newAnswers(o.format, c.Classes, out)
	all, failed, first := 0, 0, ""
	fail := func(name string, err error) {
		fmt.Fprintf(notes, "%s\n", show.Lines(err.Error()))
		if failed++; failed == 1 {
			first = name
		}
	}
	one := func(name string) error {
		all++
		var s shape.Shape
		var a classifier.Answer
		var err error
		if name == "-" {
			s, err = shape.Read(in, "standard input", shape.Limits{})
		} else {
			s, err = shape.Open(name, shape.Limits{})
		}
		if err == nil {
			if a, err = c.ClassifyShape(s); err != nil {
				err = fmt.Errorf("%s: %w", name, err)
			}
		}
		if err != nil {
			fail(name, err)
			return nil
		}
		for _, note := range a.Notes {
			fmt.Fprintf(notes, "%s: %s\n", show.Plain(name), note)
		}
		return answers.add(name, a)
	}
	for _, path := range o.classify {
		names := []string{path}
		if info, err := os.Stat(path); path != "-" && err == nil && info.IsDir() {
			if names, err = shapesBelow(path, notes); err != nil {
				all++
				fail(path, err)
			}
		}
		for _, name := range names {
			if err := ctx.Err(); err != nil {
				return errors.Join(answers.end(), err)
			}
			if err := one(name); err != nil {
				return err
			}
		}
	}
	if err := answers.end(); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d cannot be classified, the first is %s", failed, all, first)
	}
	return nil
}

// openModel opens the model, which must be of shapes alone, and tells what it
// cannot do.
func openModel(o options, notes io.Writer) (*classifier.Classifier, error) {
	c, err := classifier.Open(o.modelFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, o.noModel()
	}
	if err != nil {
		return nil, fmt.Errorf("want a model that classify trained: %w", err)
	}
	if n := len(c.Features.Columns); n > 0 {
		return nil, fmt.Errorf("%s: want a model of shapes alone, got one that needs %.200q of each", o.modelFile(), c.Features.Columns)
	}
	if !c.Known.Tells() {
		fmt.Fprintf(notes, "%s cannot tell what is unlike anything learned: that takes a model of 49 training shapes or more\n", show.Plain(o.modelFile()))
	}
	return c, nil
}

// noModel says how to get the model that is not there.
func (o options) noModel() error {
	name := o.modelFile()
	if _, err := os.Stat(o.partFile()); err == nil {
		return fmt.Errorf("%s: want a model, got only an unfinished training, %s: go on with it by -resume", name, o.partFile())
	}
	to := ""
	if o.model != "" {
		to = " -model " + o.model
	} else if o.given["out"] {
		to = " -out " + o.out
	}
	return fmt.Errorf("%s: want a model, got no such file: train one first, by classify%s -data DIR, or without -data on solids", name, to)
}

// shapesBelow returns the files in a folder and all below it whose names end as
// those of shapes do, in order, and tells what is passed over.
func shapesBelow(dir string, notes io.Writer) ([]string, error) {
	names, passed, err := dataset.Files(dir)
	for _, note := range passed {
		fmt.Fprintf(notes, "%s: %s\n", show.Plain(dir), show.Lines(note))
	}
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s: want files that end in %s, or one of these and .gz, got none", dir, strings.Join(shape.Ends(), ", "))
	}
	for i, name := range names {
		names[i] = filepath.Join(dir, filepath.FromSlash(name))
	}
	return names, err
}
