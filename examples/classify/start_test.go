package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A training begins with what a model of other classes has learned, and says what
// that is; it goes on only with the same beginning.
func TestStart(t *testing.T) {
	dir, from := t.TempDir(), filepath.Join(model().dir, "model.safetensors")
	data := filepath.Join(dir, "data")
	for _, name := range []string{"bowl/a", "bowl/bb", "chair/a", "chair/bb"} {
		solid(t, filepath.Base(filepath.Dir(name)), filepath.Join(data, name+".stl"))
	}
	begun := little(filepath.Join(dir, "out"), "-data", data, "-start", from)
	_, notes, err := call(&stopping{t.Context(), 1}, t, begun...)
	require.NoError(t, err)
	require.Regexp(t, `-start \S+model.safetensors: \d+ of the \d+ numbers of the model are those of the file
	begins anew: Out.Bias, Out.Weight
	it learned with -turn free, and this is none
`, notes)

	_, _, err = call(t.Context(), t, little(filepath.Join(dir, "out"), "-data", data, "-resume")...)
	require.ErrorContains(t, err, "want what the training was begun with: -start a file of the checksum ")
	require.ErrorContains(t, err, ", got nothing")
	_, _, err = call(t.Context(), t, append(begun, "-resume")...)
	require.NoError(t, err)

	torn := filepath.Join(dir, "torn")
	require.NoError(t, os.WriteFile(torn, []byte("torn"), 0o600))
	_, _, err = call(t.Context(), t, little(filepath.Join(dir, "other"), "-data", data, "-start", torn)...)
	require.ErrorContains(t, err, "-start: checkpoint: ")
	_, _, err = call(t.Context(), t, little(filepath.Join(dir, "other"), "-data", data, "-model-kind", "set", "-start", from)...)
	require.ErrorContains(t, err, "want a parameter of the model or more, got none of ")
}

// Both kinds of networks learn, and are saved, told from and gone on with alike.
func TestSetKind(t *testing.T) {
	dir := t.TempDir()
	_, _, err := call(&stopping{t.Context(), 4}, t, small(dir, "-model-kind", "set")...)
	require.NoError(t, err)
	_, _, err = call(t.Context(), t, small(dir, "-resume")...)
	require.ErrorContains(t, err, "want what the training was begun with: -model-kind set, got local")
	out, _, err := call(t.Context(), t, small(dir, "-model-kind", "set", "-resume")...)
	require.NoError(t, err)
	require.Regexp(t, `accuracy 0\.\d\d on clouds of 64 points
accuracy 0\.\d\d on clouds with noise of 2 % of their radius
accuracy 0\.\d\d on clouds of which a plane cut a third away
`, out)
	require.Regexp(t, `minutes of training; \d+ clouds a second learned and \d+ classified, of up to 64 points, 4 for each answer, with \d+ cores?\n`, out)
	file := solid(t, "chair", filepath.Join(dir, "a.stl"))
	out, _, err = call(t.Context(), t, "-out", dir, "-classify", file)
	require.NoError(t, err)
	require.Contains(t, out, "a.stl")
}
