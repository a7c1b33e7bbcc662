package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A finished model that is given by its name is not written over, and neither is
// anything else by that name; the one in -out is, after a word.
func TestModelStays(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "new", "a.model")
	_, notes, err := call(t.Context(), t, small(dir, "-model", name)...)
	require.NoError(t, err)
	require.NotContains(t, notes, "takes its place")
	require.FileExists(t, name)
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	for _, there := range []string{name, dir, solid(t, "bowl", filepath.Join(dir, "a.stl"))} {
		_, _, err = call(t.Context(), t, small(dir, "-seed", "2", "-model", there)...)
		require.EqualError(t, err, there+": want the name of a new file, for the model, got one that is there: -classify and -serve use a model, and to train it anew remove it first")
	}
	got, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, want, got)

	again := filepath.Join(dir, "again")
	for i := range 2 { // the command of the README, twice
		_, notes, err := call(t.Context(), t, small(again)...)
		require.NoError(t, err)
		said := filepath.Join(again, "model.safetensors") + " is there from a training before: the model of this one takes its place (-out or -model say otherwise)\n"
		if i == 0 {
			require.NotContains(t, notes, said)
		} else {
			require.Contains(t, notes, said)
		}
	}
}

// A training that was stopped between its model and the end is gone on with.
func TestResumeBesideModel(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.model")
	_, _, err := call(&stopping{t.Context(), 4}, t, small(dir, "-model", name)...)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(name, []byte("model"), 0o600))
	_, _, err = call(t.Context(), t, small(dir, "-model", name)...)
	require.ErrorContains(t, err, "is an unfinished training")
	_, _, err = call(t.Context(), t, small(dir, "-model", name, "-resume")...)
	require.NoError(t, err)
}

// Who has no model is told how to get one.
func TestNoModel(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.WriteFile(at("torn"), []byte("torn"), 0o600))
	_, _, err := call(&stopping{t.Context(), 1}, t, small(at("begun"))...)
	require.NoError(t, err)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-model", at("none")}, "TMP/none: want a model, got no such file: train one first, by classify -model TMP/none -data DIR, or without -data on solids"},
		{[]string{"-out", at("none")}, "TMP/none/model.safetensors: want a model, got no such file: train one first, by classify -out TMP/none -data DIR, or without -data on solids"},
		{[]string{"-out", at("begun")}, "TMP/begun/model.safetensors: want a model, got only an unfinished training, TMP/begun/model.safetensors.part: go on with it by -resume"},
		{[]string{"-model", at("torn")}, "want a model that classify trained: classifier: checkpoint: "},
	} {
		for _, use := range [][]string{{"-classify", "a.stl"}, {"-serve", "0"}} {
			_, _, err := call(t.Context(), t, append(c.args, use...)...)
			require.ErrorContains(t, err, replaced(c.want, dir))
		}
	}
}
