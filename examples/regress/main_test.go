package main

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/set/grad"
)

// call runs the program and returns what it prints, results and notes.
func call(ctx context.Context, t *testing.T, args ...string) (string, string, error) {
	t.Helper()
	var out, notes bytes.Buffer
	err := run(ctx, args, &out, &notes)
	return out.String(), notes.String(), err
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

func TestLastLines(t *testing.T) {
	dir, steps, few := t.TempDir(), "60", "4"
	if testing.Short() {
		steps, few = "6", "1"
	}
	for _, c := range []struct {
		args []string
		want string
		most float64 // of the number in it
	}{
		{[]string{"-steps", steps, "-sets", "100"}, `^MAE \d+\.\d{4} \+- \d+\.\d{4} over 100 sets, ` + steps + ` steps$`, 60},
		{[]string{"-task", "clustering", "-model", "rff+pma", "-steps", few, "-sets", "7"}, `^gap \d+\.\d{4} \+- \d+\.\d{4} nats to the oracle -1\.\d{4} over 7 sets, ` + few + ` steps?$`, 50},
	} {
		out, _, err := call(t.Context(), t, append(c.args, "-out", dir)...)
		require.NoError(t, err)
		require.Regexp(t, c.want, lastLine(out))
		require.Contains(t, out, "paper")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	require.Len(t, files, 6, "model, numbers and picture of each, and nothing else: %s", files)
	for _, name := range files {
		switch filepath.Ext(name) {
		case ".png":
			f, err := os.Open(name)
			require.NoError(t, err)
			_, err = png.Decode(f)
			require.NoError(t, err, name)
			f.Close()
		case ".json":
			r, err := readResult(name)
			require.NoError(t, err)
			for key, n := range r.Numbers {
				require.Positive(t, n.Error, key)
			}
			require.Positive(t, r.Seconds)
		}
	}
}

// Every model of the comparisons can be trained.
func TestModels(t *testing.T) {
	for _, task := range []task{maximum(), clustering()} {
		models := task.models
		if testing.Short() {
			models = models[len(models)-2:]
		}
		for _, model := range models {
			o := options{task: task, model: model, sets: 2, seed: 1}
			l, err := task.begin(o)
			require.NoError(t, err)
			tape := grad.NewTape(newRand(1))
			g := tape.Gradients(l.loss(tape, 3))
			assert.Positive(t, g.Norm(layers.List(l.network())), "%s, %s", task.name, model)
			assert.Greater(t, layers.Count(l.network()), 5000)
			assert.NotEmpty(t, l.glance())
		}
	}
}

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

// A training that is stopped and resumed ends with the same model and the same
// numbers as one that is not; and a finished one is not trained again.
func TestResume(t *testing.T) {
	whole, parts := t.TempDir(), t.TempDir()
	args := func(dir string, more ...string) []string {
		return append([]string{"-model", "rff+pma", "-steps", "20", "-sets", "50", "-out", dir}, more...)
	}
	want, _, err := call(t.Context(), t, args(whole)...)
	require.NoError(t, err)
	for _, steps := range []int{11, 1, 7} {
		out, _, err := call(&stopping{t.Context(), steps}, t, args(parts, "-resume")...)
		require.NoError(t, err)
		require.Contains(t, out, "-resume goes on")
	}
	_, _, err = call(t.Context(), t, args(parts, "-resume", "-rate", "0.002")...)
	require.NoError(t, err, "another training")
	_, _, err = call(t.Context(), t, args(parts, "-resume", "-steps", "31")...)
	require.ErrorContains(t, err, "Steps:31")
	got, notes, err := call(t.Context(), t, args(parts, "-resume")...)
	require.NoError(t, err)
	require.NotContains(t, notes, "begins")
	require.Equal(t, lastLine(want), lastLine(got))
	const name = "max-rff+pma-1"
	model := func(dir string) []byte {
		data, err := os.ReadFile(filepath.Join(dir, name+".safetensors"))
		require.NoError(t, err)
		return data[len(data)-8000:] // weights, without the header that has the time
	}
	require.Equal(t, model(whole), model(parts))
	require.NoFileExists(t, filepath.Join(parts, name+".part"))

	first, err := readResult(filepath.Join(parts, name+".json"))
	require.NoError(t, err)
	_, _, err = call(t.Context(), t, args(parts, "-resume")...)
	require.NoError(t, err)
	again, err := readResult(filepath.Join(parts, name+".json"))
	require.NoError(t, err)
	require.Equal(t, first, again)

	require.NoError(t, os.WriteFile(filepath.Join(parts, name+".safetensors"), []byte("nonsense"), 0o600))
	_, _, err = call(t.Context(), t, args(parts, "-resume")...)
	require.ErrorContains(t, err, name+".safetensors")
}

// A stopped training goes on though an older one was finished under its name.
func TestResumeNewer(t *testing.T) {
	args := []string{"-sets", "50", "-out", t.TempDir(), "-steps"}
	_, _, err := call(t.Context(), t, append(args, "5")...)
	require.NoError(t, err)
	_, _, err = call(&stopping{t.Context(), 11}, t, append(args, "30")...)
	require.NoError(t, err)
	out, notes, err := call(t.Context(), t, append(args, "30", "-resume")...)
	require.NoError(t, err)
	require.NotContains(t, notes, "begins")
	require.Contains(t, lastLine(out), "30 steps")
}

// What is not saved is not said to be.
func TestStopWithoutSaving(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "max-rff+max-1.part"), 0o700))
	_, _, err := call(&stopping{t.Context(), 11}, t, "-steps", "30", "-out", dir)
	require.ErrorContains(t, err, "max-rff+max-1.part")
}

func TestSeeds(t *testing.T) {
	dir := t.TempDir()
	out, _, err := call(t.Context(), t, "-steps", "5", "-sets", "50", "-seeds", "3", "-seed", "4", "-out", dir)
	require.NoError(t, err)
	require.Regexp(t, `^MAE \d+\.\d{4} \+- \d+\.\d{4} over 3 seeds$`, lastLine(out))
	require.FileExists(t, filepath.Join(dir, "max-rff+max-6.json"))
	page, _, err := call(t.Context(), t, "-report", dir)
	require.NoError(t, err)
	require.Regexp(t, `\| rff\+max \| 5 \| 0.001, cosine \| 3 \| \d+\.\d{4} ± \d+\.\d{4} \| 0.1355 ± 0.0074 \|`, page)
}

func TestMistakes(t *testing.T) {
	broken, foreign := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(broken, "a.json"), []byte(`{"steps": "many"}`), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(foreign, "b.json"), []byte(`{"task": "chess", "model": "tree"}`), 0o600))
	file := filepath.Join(broken, "a.json")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"task":            {[]string{"-task", "chess"}, "max"},
		"model":           {[]string{"-model", "tree"}, "sab+pma"},
		"model of others": {[]string{"-task", "clustering", "-model", "rff+sum"}, "isab32+pma"},
		"steps":           {[]string{"-steps", "-1"}, "-steps"},
		"rate":            {[]string{"-rate", "NaN"}, "-rate"},
		"fall":            {[]string{"-fall", "down"}, "cosine"},
		"sets":            {[]string{"-sets", "1"}, "-sets"},
		"seeds":           {[]string{"-seeds", "0"}, "-seeds"},
		"seed":            {[]string{"-seed", "x"}, "seed"},
		"loose":           {[]string{"max"}, "want flags"},
		"out":             {[]string{"-out", file}, "a.json"},
		"no results":      {[]string{"-report", filepath.Join(broken, "nowhere")}, "nowhere"},
		"broken result":   {[]string{"-report", broken}, "a.json"},
		"foreign result":  {[]string{"-report", foreign}, "b.json"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := call(t.Context(), t, c.args...)
			require.ErrorContains(t, err, c.want)
		})
	}
}
