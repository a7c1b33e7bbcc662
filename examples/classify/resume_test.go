package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/dataset"
	"setwise/layers/classifier"
)

// stopping is a context that is cancelled after so many questions: Fit asks
// once a step.
type stopping struct {
	context.Context
	left int
}

func (s *stopping) Err() error {
	if s.left--; s.left < 0 {
		return context.Canceled
	}
	return nil
}

// A training that is stopped and resumed ends with the same model as one that
// is not.
func TestResume(t *testing.T) {
	parts := t.TempDir()
	_, _, err := call(t.Context(), t, small(parts, "-resume")...)
	require.ErrorContains(t, err, "-resume: "+filepath.Join(parts, "model.safetensors.part")+": want an unfinished training to go on with, got none")
	out, _, err := call(&stopping{t.Context(), 0}, t, small(parts)...)
	require.NoError(t, err)
	require.Contains(t, out, "stopped before the first step")
	var more []string
	for _, steps := range []int{2, 4, 1} {
		out, _, err = call(&stopping{t.Context(), steps}, t, small(parts, more...)...)
		require.NoError(t, err)
		require.Contains(t, out, "-resume goes on")
		more = []string{"-resume"}
	}
	_, _, err = call(t.Context(), t, small(parts, more...)...)
	require.NoError(t, err)
	for _, name := range []string{"model.safetensors", "confusion.png"} {
		want, err := os.ReadFile(filepath.Join(model().dir, name))
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(parts, name))
		require.NoError(t, err)
		require.Equal(t, want, got, name)
	}
}

// An unfinished training is not lost without a word, nor used as a model.
func TestUnfinishedStays(t *testing.T) {
	dir := t.TempDir()
	part := filepath.Join(dir, "model.safetensors.part")
	_, _, err := call(&stopping{t.Context(), 1}, t, small(dir)...)
	require.NoError(t, err)
	want, err := os.ReadFile(part)
	require.NoError(t, err)
	_, _, err = call(t.Context(), t, small(dir)...)
	require.ErrorContains(t, err, part+" is an unfinished training: go on with it by -resume, or remove it to begin anew")
	_, _, err = call(t.Context(), t, "-model", part, "-classify", "a.stl")
	require.ErrorContains(t, err, "unfinished")
	got, err := os.ReadFile(part)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.NoError(t, os.Remove(part))
	_, _, err = call(&stopping{t.Context(), 1}, t, small(dir)...)
	require.NoError(t, err)
}

// Going on with other flags is refused by a sentence that names them.
func TestResumeOtherFlags(t *testing.T) {
	dir := t.TempDir()
	_, _, err := call(&stopping{t.Context(), 4}, t, small(dir)...)
	require.NoError(t, err)
	for _, c := range []struct{ flag, value, want string }{
		{"-seed", "2", "-seed 1, got 2"},
		{"-rate", "0.1", "-rate 0.002, got 0.1"},
		{"-points", "65", "-points 64, got 65"},
		{"-turn", "z", "-turn free, got z"},
		{"-solids", "5", "-solids 4, got 5"},
		{"-epochs", "4", "-epochs 3, got 4"},
		{"-dropout", "0.5", "-dropout 0, got 0.5"},
		{"-dim", "20", "-dim 16, got 20"},
		{"-validate", "0.5", "-validate 0, got 0.5"},
	} {
		_, _, err := call(t.Context(), t, small(dir, "-resume", c.flag, c.value)...)
		if c.flag == "-solids" {
			_, _, err = call(t.Context(), t, little(dir, "-resume", c.flag, c.value)...)
		} else if c.flag == "-points" || c.flag == "-epochs" || c.flag == "-dim" {
			_, _, err = call(t.Context(), t, append(small(dir, "-resume"), c.flag, c.value)...)
		}
		require.ErrorContains(t, err, "model.safetensors.part: want what the training was begun with: "+c.want)
	}
}

// Going on with other data is refused by a sentence that names a class.
func TestResumeOtherData(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	for _, name := range []string{"train/bowl/a", "train/bowl/b", "train/bowl/c", "test/bowl/dd", "train/chair/a", "train/chair/b", "test/chair/dd"} {
		solid(t, filepath.Base(filepath.Dir(name)), filepath.Join(data, name+".stl"))
	}
	begun := little(dir, "-data", data)
	_, _, err := call(&stopping{t.Context(), 1}, t, begun...)
	require.NoError(t, err)
	at := func(name string) string { return filepath.Join(data, filepath.FromSlash(name)) }
	move := func(from, to string) func() {
		return func() {
			require.NoError(t, os.MkdirAll(filepath.Dir(at(to)), 0o777))
			require.NoError(t, os.Rename(at(from), at(to)))
		}
	}
	for _, c := range []struct {
		do, undo func()
		want     string
	}{
		{move("train/bowl", "train/zebra"), move("train/zebra", "train/bowl"), `no class "zebra", which is new; shape "train/bowl/a.stl", which is gone; shape "train/bowl/b.stl", which is gone; shape "train/bowl/c.stl", which is gone; and 3 differences more`},
		{move("train/bowl/c.stl", "../kept.stl"), move("../kept.stl", "train/bowl/c.stl"), `begun with: shape "train/bowl/c.stl", which is gone$`},
		{func() { solid(t, "chair", at("train/chair/e.stl")) }, func() { require.NoError(t, os.Remove(at("train/chair/e.stl"))) }, `begun with: no shape "train/chair/e.stl", which is new$`},
		{move("train/bowl/c.stl", "train/bowl/x.stl"), move("train/bowl/x.stl", "train/bowl/c.stl"), `begun with: shape "train/bowl/c.stl", which is gone; no shape "train/bowl/x.stl", which is new$`},
		{func() { solid(t, "gear", at("train/bowl/c.stl")) }, func() { solid(t, "bowl", at("train/bowl/c.stl")) }, `begun with: shape "train/bowl/c.stl" as it was, got it changed$`},
		{move("train/bowl/c.stl", "test/bowl/c.stl"), move("test/bowl/c.stl", "train/bowl/c.stl"), `begun with: shape "train/bowl/c.stl", which is gone; no shape "test/bowl/c.stl", which is new$`},
	} {
		c.do()
		_, _, err := call(t.Context(), t, append(begun, "-resume")...)
		require.ErrorContains(t, err, "want what the training was begun with: ")
		require.Regexp(t, c.want, err.Error())
		c.undo()
	}
	_, _, err = call(t.Context(), t, small(dir, "-resume")...)
	require.ErrorContains(t, err, "want what the training was begun with: -data, got solids without -data")
	moved := filepath.Join(dir, "moved")
	require.NoError(t, os.Rename(data, moved))
	_, _, err = call(t.Context(), t, little(dir, "-data", moved, "-resume")...)
	require.NoError(t, err, "the same data elsewhere")
}

// Where the parts are drawn at random, one file less moves all of them, and only
// that file is to blame.
func TestResumeOtherParts(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	for _, class := range []string{"bowl", "chair", "gear"} {
		for _, name := range []string{"a", "bb", "ccc", "dddd"} {
			solid(t, class, filepath.Join(data, class, name+".stl"))
		}
	}
	begun := little(dir, "-data", data, "-validate", "0.3")
	_, notes, err := call(&stopping{t.Context(), 1}, t, begun...)
	require.NoError(t, err)
	require.Contains(t, notes, "no shapes are marked to be tested on: a fifth of each class is drawn at random (-seed 1)\n")
	require.NoError(t, os.Remove(filepath.Join(data, "bowl", "a.stl")))
	_, _, err = call(t.Context(), t, append(begun, "-resume")...)
	require.ErrorContains(t, err, `begun with: shape "bowl/a.stl", which is gone`)
	require.NotContains(t, err.Error(), ";")
}

// Of too many shapes to list, the class is named that differs.
func TestManyShapes(t *testing.T) {
	l := &lesson{Classifier: &classifier.Classifier{Classes: []string{"bowl", "chair"}}}
	long := strings.Repeat("\x00", 1000)
	for i := range 400 {
		l.known = append(l.known, dataset.Item{Name: fmt.Sprint(i, long), Class: i % 2})
	}
	o, err := parse([]string{"-data", "x"}, io.Discard)
	require.NoError(t, err)
	was := l.settings(o)
	require.Nil(t, was.Shapes)
	require.NoError(t, l.settings(o).match(was))
	l.known[3].Name = "other"
	require.EqualError(t, l.settings(o).match(was), `want what the training was begun with: the shapes of class "chair" as they were, got others`)
	l.known, l.unseen = l.known[1:], l.known[:1]
	require.ErrorContains(t, l.settings(o).match(was), `200, 0 and 0 shapes of class "bowl" to learn from, to validate and to test, got 199, 0 and 1; the shapes of class "chair"`)
}

// With a validation part, the epoch that is best at it is kept, also over a stop.
func TestValidate(t *testing.T) {
	dir := t.TempDir()
	out, _, err := call(&stopping{t.Context(), 4}, t, small(dir, "-validate", "0.25", "-rate", "0.5")...)
	require.NoError(t, err)
	require.Contains(t, out, "36 shapes of 12 classes to learn from, 12 to choose the epoch by, 12 unseen to be tested on\n")
	out, notes, err := call(t.Context(), t, small(dir, "-validate", "0.25", "-rate", "0.5", "-resume")...)
	require.NoError(t, err)
	require.Regexp(t, `kept epoch [123] of 3, with the least validation loss, \d+\.\d+\n`, out)
	require.Regexp(t, `epoch 2 of 3, loss \d+\.\d+, unseen \d+\.\d+, accuracy 0\.\d+, validation \d+\.\d+ and \d\.\d+, `, notes)
	log, err := os.ReadFile(filepath.Join(dir, "epochs.csv"))
	require.NoError(t, err)
	require.Regexp(t, `^epoch,loss,unseen_loss,unseen_accuracy,rate,seconds,clouds_per_second,validation_loss,validation_accuracy\n1,.*\n2,.*\n3,.*\n$`, string(log))

	// The model is the one of that epoch: as good at the validation part as it was.
	o, err := parse(small(dir, "-validate", "0.25", "-rate", "0.5"), io.Discard)
	require.NoError(t, err)
	shapes, err := load(o, io.Discard)
	require.NoError(t, err)
	l := &lesson{}
	_, l.held, _, err = split(shapes, o, io.Discard)
	require.NoError(t, err)
	l.Classifier, err = classifier.Open(o.modelFile())
	require.NoError(t, err)
	rows, err := csv.NewReader(bytes.NewReader(log)).ReadAll()
	require.NoError(t, err)
	least := math.Inf(1)
	for _, row := range rows[1:] {
		loss, err := strconv.ParseFloat(row[7], 64)
		require.NoError(t, err)
		least = min(least, loss)
	}
	loss, _ := l.measure(l.held)
	require.InDelta(t, least, loss, 1e-4)
	require.Equal(t, 2, curve{Epochs: []epoch{{ValidationLoss: 3}, {ValidationLoss: 1}, {ValidationLoss: 2}}}.best())
}
