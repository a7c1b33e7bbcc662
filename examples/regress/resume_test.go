package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
	"setwise/io/tensor"
)

// A training that is stopped and resumed ends with the same model and the same
// numbers as one that is not; and a finished one is not trained again.
func TestResume(t *testing.T) {
	whole, parts := t.TempDir(), t.TempDir()
	args := func(dir string, more ...string) []string {
		return append([]string{"-model", "rff+pma", "-steps", "20", "-sets", "50", "-out", dir}, more...)
	}
	want, _, err := regresstest.Run(t.Context(), t, tasks(), args(whole)...)
	require.NoError(t, err)
	for _, steps := range []int{11, 1, 7} {
		out, _, err := regresstest.Run(&regresstest.Stopping{Context: t.Context(), Left: steps}, t, tasks(), args(parts, "-resume")...)
		require.NoError(t, err)
		require.Contains(t, out, "-resume goes on")
	}
	_, _, err = regresstest.Run(t.Context(), t, tasks(), args(parts, "-resume", "-rate", "0.002")...)
	require.NoError(t, err, "another training")
	_, _, err = regresstest.Run(t.Context(), t, tasks(), args(parts, "-resume", "-steps", "31")...)
	require.ErrorContains(t, err, "want what the training was begun with: -steps 20, got 31")
	got, notes, err := regresstest.Run(t.Context(), t, tasks(), args(parts, "-resume")...)
	require.NoError(t, err)
	require.NotContains(t, notes, "begins")
	require.Equal(t, regresstest.LastLine(want), regresstest.LastLine(got))
	const name = "max-rff+pma-1"
	model := func(dir string) []byte {
		data, err := os.ReadFile(filepath.Join(dir, name+".safetensors"))
		require.NoError(t, err)
		return data[len(data)-8000:] // weights, without the header that has the time
	}
	require.Equal(t, model(whole), model(parts))
	require.NoFileExists(t, filepath.Join(parts, name+".part"))

	first, err := study.ReadResult(filepath.Join(parts, name+".json"))
	require.NoError(t, err)
	_, _, err = regresstest.Run(t.Context(), t, tasks(), args(parts, "-resume")...)
	require.NoError(t, err)
	again, err := study.ReadResult(filepath.Join(parts, name+".json"))
	require.NoError(t, err)
	require.Equal(t, first, again)

	require.NoError(t, os.WriteFile(filepath.Join(parts, name+".safetensors"), []byte("nonsense"), 0o600))
	_, _, err = regresstest.Run(t.Context(), t, tasks(), args(parts, "-resume")...)
	require.ErrorContains(t, err, name+".safetensors")
}

// A stopped training goes on though an older one was finished under its name.
func TestResumeNewer(t *testing.T) {
	args := []string{"-sets", "50", "-out", t.TempDir(), "-steps"}
	_, _, err := regresstest.Run(t.Context(), t, tasks(), append(args, "5")...)
	require.NoError(t, err)
	_, _, err = regresstest.Run(&regresstest.Stopping{Context: t.Context(), Left: 11}, t, tasks(), append(args, "30")...)
	require.NoError(t, err)
	out, notes, err := regresstest.Run(t.Context(), t, tasks(), append(args, "30", "-resume")...)
	require.NoError(t, err)
	require.NotContains(t, notes, "begins")
	require.Contains(t, regresstest.LastLine(out), "30 steps")
}

// What is not saved is not said to be.
func TestStopWithoutSaving(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "max-rff+max-1.part"), 0o700))
	_, _, err := regresstest.Run(&regresstest.Stopping{Context: t.Context(), Left: 11}, t, tasks(), "-steps", "30", "-out", dir)
	require.ErrorContains(t, err, "max-rff+max-1.part")
}

// The program refuses them by name, and goes on with what it wrote itself.
func TestResumeTampered(t *testing.T) {
	dir := t.TempDir()
	args := []string{"-steps", "30", "-sets", "50", "-out", dir}
	_, _, err := regresstest.Run(&regresstest.Stopping{Context: t.Context(), Left: 11}, t, tasks(), args...)
	require.NoError(t, err)
	part, model := filepath.Join(dir, "max-rff+max-1.part"), filepath.Join(dir, "max-rff+max-1.safetensors")
	spoil := func(name string) {
		good, err := tensor.Open(name, tensor.Limits{})
		require.NoError(t, err)
		for want, progress := range map[string]string{
			"want 1 to 30 steps, got 0":                    `{}`,
			"want 1 to 30 steps, got -9223372036854775808": `{"state":{"step":-9223372036854775808}}`,
			"want 1 to 30 steps, got 1000000":              `{"state":{"step":1000000}}`,
			"got step 12":                                  `{"state":{"step":12}}`,
			"progress":                                     `[]`,
		} {
			bad := *good
			bad.Metadata = maps.Clone(good.Metadata)
			bad.Metadata["progress"] = progress
			bad.Metadata["checksum"], err = bad.Digest("checksum")
			require.NoError(t, err)
			require.NoError(t, tensor.WriteFile(name, &bad))
			_, _, err = regresstest.Run(t.Context(), t, tasks(), append(args, "-resume")...)
			if name == part {
				want = strings.Replace(want, "got step 12", "want as many steps of the optimizer as of the training, 12, got 11", 1)
			}
			require.ErrorContains(t, err, want)
			require.ErrorContains(t, err, "-resume: ")
			require.ErrorContains(t, err, filepath.Base(name))
		}
		require.NoError(t, tensor.WriteFile(name, good))
	}
	spoil(part)
	_, _, err = regresstest.Run(t.Context(), t, tasks(), append(args, "-resume")...)
	require.NoError(t, err)
	spoil(model)
}
