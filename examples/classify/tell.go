package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"setwise/examples/internal/show"
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
	if err != nil {
		return nil, err
	}
	if n := len(c.Features.Columns); n > 0 {
		return nil, fmt.Errorf("%s: want a model of shapes alone, got one that needs %.200q of each", o.modelFile(), c.Features.Columns)
	}
	if !c.Known.Tells() {
		fmt.Fprintf(notes, "%s cannot tell what is unlike anything learned: it takes a model of 49 training shapes or more\n", show.Plain(o.modelFile()))
	}
	return c, nil
}

// shapesBelow returns the files in a folder and all below it whose names end as
// those of shapes do, in order, and tells how many others there are.
func shapesBelow(dir string, notes io.Writer) ([]string, error) {
	var names []string
	others := 0
	err := filepath.WalkDir(dir+string(filepath.Separator), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		end := strings.TrimSuffix(strings.ToLower(name), ".gz")
		if slices.ContainsFunc(shape.Ends(), func(e string) bool { return strings.HasSuffix(end, e) }) {
			names = append(names, name)
		} else {
			others++
		}
		return nil
	})
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s: want files that end in %s, or one of these and .gz, got none", dir, strings.Join(shape.Ends(), ", "))
	}
	if others > 0 {
		fmt.Fprintf(notes, "%s: passed over %d files that are no shapes by their names\n", show.Plain(dir), others)
	}
	return names, err
}

// answers writes answers in one of the formats.
type answers interface {
	add(name string, a classifier.Answer) error
	end() error
}

func newAnswers(format string, classes []string, out io.Writer) answers {
	switch format {
	case "csv":
		w := csv.NewWriter(out)
		_ = w.Write(append([]string{"file", "class", "probability", "unlike", "distance"}, plain(classes)...)) // errors stay until the end
		return &table{w, classes}
	case "json":
		return &list{out: out}
	}
	return sentences{out}
}

func plain(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = show.Plain(n)
	}
	return out
}

// sentences has a line for each answer, with the first five guesses.
type sentences struct{ out io.Writer }

func (s sentences) add(name string, a classifier.Answer) error {
	line := show.Plain(name) + ":"
	for _, g := range a.Guesses[:min(5, len(a.Guesses))] {
		line += fmt.Sprintf("  %s %.3f", show.Plain(g.Class), g.P)
	}
	if a.Unlike {
		line += "  (unlike anything learned)"
	}
	_, err := fmt.Fprintln(s.out, line)
	return err
}

func (sentences) end() error { return nil }

// table has a row for each answer, with the probabilities in the order of the
// classes.
type table struct {
	w       *csv.Writer
	classes []string
}

func (t *table) add(name string, a classifier.Answer) error {
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
	distance := ""
	if a.Distance >= 0 {
		distance = number(a.Distance)
	}
	best := a.Guesses[0]
	row := []string{show.Plain(name), show.Plain(best.Class), number(best.P), strconv.FormatBool(a.Unlike), distance}
	for _, c := range t.classes {
		i := slices.IndexFunc(a.Guesses, func(g classifier.Guess) bool { return g.Class == c })
		row = append(row, number(a.Guesses[i].P))
	}
	_ = t.w.Write(row)
	t.w.Flush()
	return t.w.Error()
}

func (t *table) end() error {
	t.w.Flush()
	return t.w.Error()
}

// list is a JSON array of answers.
type list struct {
	out   io.Writer
	begun bool
}

// An object is an answer as JSON.
type object struct {
	File          string             `json:"file"`
	Class         string             `json:"class"`
	Probability   float64            `json:"probability"`
	Unlike        bool               `json:"unlike"`
	Distance      *float64           `json:"distance"` // null if that is not known
	Probabilities map[string]float64 `json:"probabilities"`
	Notes         []string           `json:"notes,omitempty"`
}

func newObject(name string, a classifier.Answer) object {
	o := object{File: name, Class: a.Guesses[0].Class, Probability: a.Guesses[0].P, Unlike: a.Unlike, Probabilities: map[string]float64{}, Notes: a.Notes}
	if a.Distance >= 0 {
		o.Distance = &a.Distance
	}
	for _, g := range a.Guesses {
		o.Probabilities[g.Class] = g.P
	}
	return o
}

// encode returns v as JSON, all escaped that cannot be seen.
func encode(v any) (string, error) {
	text, err := json.Marshal(v)
	var b strings.Builder
	for _, r := range string(text) {
		if strconv.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String(), err
}

func (l *list) add(name string, a classifier.Answer) error {
	text, err := encode(newObject(name, a))
	if err != nil {
		return err
	}
	before := ",\n"
	if !l.begun {
		before, l.begun = "[\n", true
	}
	_, err = io.WriteString(l.out, before+text)
	return err
}

func (l *list) end() error {
	text := "\n]\n"
	if !l.begun {
		text = "[]\n"
	}
	_, err := io.WriteString(l.out, text)
	return err
}
