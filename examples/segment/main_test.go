package main

import (
	"bytes"
	"context"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// call runs the program and returns what it prints as results and as notes.
func call(ctx context.Context, t testing.TB, args ...string) (out, notes string, err error) {
	t.Helper()
	var o, n bytes.Buffer
	err = run(ctx, args, &o, &n)
	return o.String(), n.String(), err
}

// small is a training of a second or so.
func small(out string, more ...string) []string {
	return append([]string{"-points", "32", "-dim", "4", "-epochs", "3", "-solids", "2", "-out", out}, more...)
}

// trained is the folder of a small training, made once for all tests.
var trained = sync.OnceValue(func() (m struct{ dir, out, notes string }) {
	var err error
	if m.dir, err = os.MkdirTemp("", "segment-test-"); err != nil {
		panic(err)
	}
	var out, notes bytes.Buffer
	if err := run(context.Background(), small(m.dir), &out, &notes); err != nil {
		panic(err)
	}
	m.out, m.notes = out.String(), notes.String()
	return m
})

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(trained().dir)
	os.Exit(code)
}

func TestTrain(t *testing.T) {
	m := trained()
	lines := strings.Split(strings.TrimSpace(m.out), "\n")
	require.Equal(t, "16 shapes of 8 classes and 24 parts to learn from, 8 unseen to be tested on", lines[0])
	require.Regexp(t, regexp.MustCompile(`^mean IoU \d\.\d{3} of 8 unseen shapes, \d\.\d{3} of 8 classes$`), lines[len(lines)-1])
	require.Regexp(t, `(?m)^chair +1  \d\.\d{3}   seat \d\.\d{3}  back \d\.\d{3}  legs \d\.\d{3}  arms \d\.\d{3}$`, m.out)
	require.Contains(t, m.out, "where the class is told")
	f, err := os.Open(filepath.Join(m.dir, "parts.png"))
	require.NoError(t, err)
	defer f.Close()
	_, err = png.Decode(f)
	require.NoError(t, err)
	page, err := os.ReadFile(filepath.Join(m.dir, "parts.html"))
	require.NoError(t, err)
	require.Equal(t, 8, strings.Count(string(page), `<section class="pair">`))
	require.Contains(t, string(page), "</i>spout</span>")
	require.NoFileExists(t, filepath.Join(m.dir, "model.safetensors.part"))
	require.Regexp(t, `(?m)^step 2 of 6, epoch 1 of 3, loss \d\.\d+, unseen: IoU 0\.\d+, accuracy 0\.\d+, \d+s$`, m.notes)
	log, err := os.ReadFile(filepath.Join(m.dir, "epochs.csv"))
	require.NoError(t, err)
	require.Regexp(t, `^epoch,loss,unseen_iou,unseen_accuracy,seconds\n1,(\d[^,]*,){3}\d[^,]*\n2,.*\n3,.*\n$`, string(log))
}

// A training that is long enough learns: the loss falls far below that of a guess,
// 3.2. (The whole training reaches a mean IoU above 0.9; go run . shows it.)
func TestLearns(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	dir := t.TempDir()
	_, _, err := call(t.Context(), t, "-points", "96", "-dim", "8", "-epochs", "30", "-solids", "10", "-out", dir)
	require.NoError(t, err)
	log, err := os.ReadFile(filepath.Join(dir, "epochs.csv"))
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	require.Regexp(t, `^30,[01]\.`, lines[30])
}

func TestHelp(t *testing.T) {
	var out, notes bytes.Buffer
	require.ErrorIs(t, run(t.Context(), []string{"-help"}, &out, &notes), flag.ErrHelp)
	require.Contains(t, notes.String(), "ShapeNetPart")
	for line := range strings.Lines(notes.String()) {
		require.LessOrEqual(t, strings.Count(line, "(default"), 1, line)
		require.LessOrEqual(t, len(line), 160, line)
	}
}

// Flags that cannot be, or would mean nothing, are refused.
func TestFlags(t *testing.T) {
	for want, args := range map[string][]string{
		"want flags":                                {"chair.ply"},
		"-class: want -label with it":               {"-class", "cup"},
		"-solids: want no -data":                    {"-solids", "3", "-data", "x"},
		"-skip and -block: want -data":              {"-skip"},
		"-skip and -block: want -data with":         {"-block", "1"},
		"-points: want 8 to 1048576, got 7":         {"-points", "7"},
		"-epochs: want 1":                           {"-epochs", "0"},
		"-rate: want more than 0":                   {"-rate", "NaN"},
		"-dim: want 4 to 1024, got 3":               {"-dim", "3"},
		"-solids: want 1":                           {"-solids", "-1"},
		"-block: want a side above 0":               {"-data", "x", "-block", "0"},
		"-block: want a side above 0, up":           {"-data", "x", "-block", "+Inf"},
		"-turn: want none, z or free":               {"-turn", "x"},
		"-model: want a name":                       {"-model", ""},
		"-save: want no -model":                     {"-model", "a", "-save", "b"},
		"-label: want the name":                     {"-label", ""},
		"-label: want files after it, got \"-out\"": {"-label", "a", "b", "-out"},
		"-epochs: want it for learning alone":       {"-epochs", "2", "-label", "a"},
	} {
		_, _, err := call(t.Context(), t, args...)
		require.ErrorContains(t, err, want, args)
	}
	o, err := parse([]string{"-save", "m"}, os.Stderr)
	require.NoError(t, err)
	require.Equal(t, "m", o.modelFile())
}
