package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"setwise/examples/internal/show"
	"setwise/layers/classifier"
)

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

// told reports whether an answer says if the shape is unlike anything learned.
func told(a classifier.Answer) bool { return !math.IsNaN(a.Distance) }

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
	unlike, distance := "", "" // where that is not known
	if told(a) {
		unlike, distance = strconv.FormatBool(a.Unlike), number(a.Distance)
	}
	best := a.Guesses[0]
	row := []string{show.Plain(name), show.Plain(best.Class), number(best.P), unlike, distance}
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
	Unlike        *bool              `json:"unlike"` // null if that is not known
	Distance      *float64           `json:"distance"`
	Probabilities map[string]float64 `json:"probabilities"`
	Notes         []string           `json:"notes,omitempty"`
}

// Mark says whether the shape is unlike anything learned, or that it cannot be
// told, and nothing of one that is not.
func (o object) Mark() string {
	switch {
	case o.Unlike == nil:
		return "Whether it is unlike anything learned cannot be told"
	case *o.Unlike:
		return "It is unlike anything learned"
	}
	return ""
}

func newObject(name string, a classifier.Answer) object {
	o := object{File: name, Class: a.Guesses[0].Class, Probability: a.Guesses[0].P, Probabilities: map[string]float64{}, Notes: a.Notes}
	if told(a) {
		o.Unlike, o.Distance = &a.Unlike, &a.Distance
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
	before := ","
	if !l.begun {
		before, l.begun = "[\n", true
	}
	_, err = io.WriteString(l.out, before+text+"\n")
	return err
}

func (l *list) end() error {
	text := "]\n"
	if !l.begun {
		text = "[]\n"
	}
	_, err := io.WriteString(l.out, text)
	return err
}
