//go:build unix

package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A training is what one entrant reached with one seed.
type training struct {
	entrant  string
	about    string // what it is, for below the table
	seed     int
	log      []reached
	perEpoch float64 // seconds
}

// reached is the accuracy on unseen shapes after some minutes of training.
type reached struct {
	Minute   float64 `json:"minute"`
	Accuracy float64 `json:"accuracy"`
	Epoch    float64 `json:"epoch"` // how many were done
}

// by returns what was reached by a minute, if anything was.
func (t training) by(minute float64) (reached, bool) {
	i, exact := slices.BinarySearchFunc(t.log, minute, func(r reached, m float64) int { return cmp.Compare(r.Minute, m) })
	if exact {
		i++
	}
	if i == 0 {
		return reached{}, false
	}
	return t.log[i-1], true
}

// readEpochs reads the epochs.csv of examples/classify. Its seconds include the
// tests after every epoch.
func readEpochs(r io.Reader) (training, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return training{}, err
	}
	if len(rows) < 2 {
		return training{}, errors.New("want a line for each epoch, got none")
	}
	var t training
	var number [3][]float64
	for i, name := range []string{"epoch", "unseen_accuracy", "seconds"} {
		at := slices.Index(rows[0], name)
		if at < 0 {
			return training{}, fmt.Errorf("want a column %s, got %.200q", name, rows[0])
		}
		for line, row := range rows[1:] {
			x, err := strconv.ParseFloat(row[at], 64)
			if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
				return training{}, fmt.Errorf("line %d, column %s: want a number, got %.40q", line+2, name, row[at])
			}
			number[i] = append(number[i], x)
		}
	}
	for i, seconds := range number[2] {
		t.log = append(t.log, reached{Minute: seconds / 60, Accuracy: number[1][i], Epoch: number[0][i]})
	}
	if !slices.IsSortedFunc(t.log, func(a, b reached) int { return cmp.Compare(a.Minute, b.Minute) }) {
		return training{}, errors.New("want seconds that grow from epoch to epoch")
	}
	last := t.log[len(t.log)-1]
	t.perEpoch = 60 * last.Minute / last.Epoch
	return t, nil
}

// readLines reads the lines of JSON that classify_peer.py prints.
func readLines(out []byte) (training, error) {
	var t training
	for i, line := range bytes.Split(bytes.TrimSpace(out), []byte("\n")) {
		var l struct {
			reached
			Torch    string  `json:"torch"`
			Weights  int     `json:"weights"`
			Way      string  `json:"way"`
			PerEpoch float64 `json:"seconds_per_epoch"`
		}
		if err := json.Unmarshal(line, &l); err != nil {
			return training{}, fmt.Errorf("line %d: want JSON, got %.200q", i+1, line)
		}
		switch {
		case l.Torch != "":
			t.about = fmt.Sprintf("%d weights, PyTorch %s, %s", l.Weights, l.Torch, l.Way)
		case l.Minute > 0:
			t.log = append(t.log, l.reached)
		case l.PerEpoch > 0:
			t.perEpoch = l.PerEpoch
		default:
			return training{}, fmt.Errorf("line %d: want torch, minute or seconds_per_epoch, got %.200q", i+1, line)
		}
	}
	if len(t.log) == 0 || t.perEpoch == 0 {
		return training{}, fmt.Errorf("want lines with minute and seconds_per_epoch, got %.200q", out)
	}
	return t, nil
}

// entrants returns the names in the order in which they first come.
func entrants(all []training) []string {
	var names []string
	for _, t := range all {
		if !slices.Contains(names, t.entrant) {
			names = append(names, t.entrant)
		}
	}
	return names
}

// over returns the mean of a number over the seeds of an entrant, its standard
// deviation, which is NaN for one seed, and how many seeds have it.
func over(all []training, entrant string, number func(training) (float64, bool)) (mean, deviation float64, n int) {
	var xs []float64
	for _, t := range all {
		if x, ok := number(t); ok && t.entrant == entrant {
			xs = append(xs, x)
			mean += x
		}
	}
	mean /= float64(len(xs))
	for _, x := range xs {
		deviation += float64((x - mean) * (x - mean))
	}
	return mean, math.Sqrt(deviation / float64(len(xs)-1)), len(xs)
}

// accuracy returns the number that a training reached by a minute.
func accuracy(minute float64) func(training) (float64, bool) {
	return func(t training) (float64, bool) {
		r, ok := t.by(minute)
		return r.Accuracy, ok
	}
}

// ticks returns the whole minutes of a time, and its end.
func ticks(minutes float64) []float64 {
	var at []float64
	for m := 1.0; m < minutes; m++ {
		at = append(at, m)
	}
	return append(at, minutes)
}

// writeTable writes accuracies by minute, a column for each entrant. A minute that
// not all seeds have, for an epoch takes longer, is left open.
func writeTable(w io.Writer, all []training, minutes float64) {
	names := entrants(all)
	row := func(first string, cell func(entrant string) string) {
		cells := []string{first}
		for _, name := range names {
			cells = append(cells, cell(name))
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
	}
	cell := func(number func(training) (float64, bool), format string) func(string) string {
		return func(name string) string {
			_, _, seeds := over(all, name, func(training) (float64, bool) { return 0, true })
			mean, deviation, n := over(all, name, number)
			switch {
			case n < seeds:
				return ""
			case n == 1:
				return fmt.Sprintf(format, mean)
			}
			return fmt.Sprintf(format+" ± "+format, mean, deviation)
		}
	}
	row("minute", func(name string) string { return name })
	fmt.Fprintf(w, "|%s\n", strings.Repeat("---|", 1+len(names)))
	for _, m := range ticks(minutes) {
		row(fmt.Sprintf("%g", m), cell(accuracy(m), "%.3f"))
	}
	row("epochs", cell(func(t training) (float64, bool) { r, ok := t.by(minutes); return r.Epoch, ok }, "%.0f"))
	row("seconds an epoch", cell(func(t training) (float64, bool) { return t.perEpoch, true }, "%.2f"))
}
