package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// stopping is a context that is cancelled after so many questions: a training asks
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

// A training that is stopped and resumed ends with the same model as one that is
// not.
func TestResume(t *testing.T) {
	dir := t.TempDir()
	_, _, err := call(t.Context(), t, small(dir, "-resume")...)
	require.ErrorContains(t, err, "want an unfinished training to go on with, got none")
	out, _, err := call(&stopping{t.Context(), 0}, t, small(dir)...)
	require.NoError(t, err)
	require.Contains(t, out, "stopped before the first step")
	var more []string
	for _, steps := range []int{1, 2, 1} {
		out, _, err = call(&stopping{t.Context(), steps}, t, small(dir, more...)...)
		require.NoError(t, err)
		require.Contains(t, out, "-resume goes on")
		more = []string{"-resume"}
	}
	_, _, err = call(t.Context(), t, small(dir)...)
	require.ErrorContains(t, err, "is an unfinished training: go on with it by -resume")
	_, _, err = call(t.Context(), t, "-model", filepath.Join(dir, "model.safetensors.part"), "-label", "a.ply")
	require.ErrorContains(t, err, "unfinished training")
	out, _, err = call(t.Context(), t, small(dir, more...)...)
	require.NoError(t, err)
	require.Equal(t, strings.ReplaceAll(trained().out, trained().dir, dir), out)
	for _, name := range []string{"model.safetensors", "parts.png", "parts.html"} {
		want, err := os.ReadFile(filepath.Join(trained().dir, name))
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, want, got, name)
	}
}

// Going on with other flags or data is refused by a sentence that says what differs.
func TestResumeOther(t *testing.T) {
	dir := t.TempDir()
	_, _, err := call(&stopping{t.Context(), 2}, t, small(dir)...)
	require.NoError(t, err)
	for _, c := range []struct{ flag, value, want string }{
		{"-seed", "2", "-seed 1, got 2"},
		{"-rate", "0.1", "-rate 0.003, got 0.1"},
		{"-points", "33", "-points 32, got 33"},
		{"-turn", "free", "-turn z, got free"},
		{"-solids", "3", "-solids 2, got 3"},
		{"-epochs", "4", "-epochs 3, got 4"},
		{"-dim", "5", "-dim 4, got 5"},
		{"-data", scans(t, 3), "a training of solids without -data, got -data"},
	} {
		args := small(dir, "-resume", c.flag, c.value)
		if c.flag == "-data" {
			args = []string{"-out", dir, "-resume", "-data", c.value}
		}
		_, _, err := call(t.Context(), t, args...)
		require.ErrorContains(t, err, "model.safetensors.part: want what the training was begun with: "+c.want)
	}

	data, dir := scans(t, 3), t.TempDir()
	begun := []string{"-points", "32", "-dim", "4", "-epochs", "2", "-out", dir, "-data", data}
	_, _, err = call(&stopping{t.Context(), 1}, t, begun...)
	require.NoError(t, err)
	require.NoError(t, os.Rename(filepath.Join(data, "2.ply"), filepath.Join(data, "3.ply")))
	_, _, err = call(t.Context(), t, append(begun, "-resume")...)
	require.ErrorContains(t, err, "the shapes as they were, got other names, points or labels")
	require.NoError(t, os.Rename(filepath.Join(data, "3.ply"), filepath.Join(data, "2.ply")))
	_, _, err = call(t.Context(), t, append(begun, "-resume")...)
	require.NoError(t, err)
}
