package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/dataset/solids"
	"setwise/io/npy"
	"setwise/io/shape"
	"setwise/io/stl"
)

// call runs the program and returns what it prints as results and as notes.
func call(ctx context.Context, t testing.TB, args ...string) (out, notes string, err error) {
	t.Helper()
	var o, n bytes.Buffer
	err = run(ctx, args, &o, &n)
	return o.String(), n.String(), err
}

// little makes a training of a second or so.
func little(out string, more ...string) []string {
	return append([]string{"-points", "64", "-dim", "16", "-epochs", "3", "-out", out}, more...)
}

// small is a little training of few solids.
func small(out string, more ...string) []string {
	return append(little(out, "-solids", "4"), more...)
}

// model is the folder of a small training, made once for all tests.
var model = sync.OnceValue(func() (m struct{ dir, out, notes string }) {
	var err error
	if m.dir, err = os.MkdirTemp("", "classify-test-"); err != nil {
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
	os.RemoveAll(model().dir)
	os.Exit(code)
}

// solid writes a solid to a file and returns its name.
func solid(t *testing.T, class, name string) string {
	t.Helper()
	mesh, err := solids.New(class, rand.New(rand.NewPCG(9, uint64(len(name)))))
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
	require.NoError(t, stl.WriteFile(name, mesh, stl.Options{}))
	return name
}

// replaced puts a folder where a text has TMP.
func replaced(text, dir string) string { return strings.ReplaceAll(text, "TMP", dir) }

func TestTrain(t *testing.T) {
	m := model()
	lines := strings.Split(strings.TrimSpace(m.out), "\n")
	require.Regexp(t, regexp.MustCompile(`^accuracy \d\.\d\d on 12 unseen shapes of 12 classes$`), lines[len(lines)-1])
	for _, name := range []string{"curve.png", "minutes.png", "confusion.png", "attention.png"} {
		f, err := os.Open(filepath.Join(m.dir, name))
		require.NoError(t, err)
		_, err = png.Decode(f)
		require.NoError(t, err, name)
		f.Close()
	}
	page, err := os.ReadFile(filepath.Join(m.dir, "cloud.html"))
	require.NoError(t, err)
	require.Contains(t, string(page), "<figcaption>attention in ")
	require.NoFileExists(t, filepath.Join(m.dir, "model.safetensors.part"))

	// A line an epoch where there is no terminal, and all epochs as a table.
	require.Regexp(t, `(?m)^step 3 of 9, epoch 1 of 3, loss \d\.\d+, unseen \d\.\d+, accuracy 0\.\d+, \d+\.\d\d min, \d+ clouds/s, \d+s$`, m.notes)
	log, err := os.ReadFile(filepath.Join(m.dir, "epochs.csv"))
	require.NoError(t, err)
	require.Regexp(t, `^epoch,loss,unseen_loss,unseen_accuracy,rate,seconds,clouds_per_second\n1,(\d[^,]*,){5}\d[^,]*\n2,.*\n3,.*\n$`, string(log))
}

// Training leaves nothing in the folder of temporary files, even while it works.
func TestNoTemporaryFiles(t *testing.T) {
	model()
	out, dir := filepath.Join(t.TempDir(), "out"), t.TempDir()
	t.Setenv("TMPDIR", dir)
	said, _, err := call(&stopping{t.Context(), 1}, t, small(out)...)
	require.NoError(t, err)
	require.Contains(t, said, "-resume goes on")
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
}

// A folder may hold files of all formats beside each other. What is passed over,
// estimated or too small in it is said before the work.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	for i, class := range []string{"chair", "bowl"} {
		for _, end := range shape.Ends() {
			mesh, err := solids.New(class, rand.New(rand.NewPCG(uint64(i), 1)))
			require.NoError(t, err)
			name := filepath.Join(data, class, "some"+end)
			require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
			if shape.WriteFile(name, shape.Shape{Mesh: mesh}) == nil {
				continue
			}
			cloud, err := mesh.Sample(50, rand.New(rand.NewPCG(uint64(i), 2)))
			require.NoError(t, err)
			cloud.Normals = nil
			require.NoError(t, shape.WriteFile(name, shape.Shape{Cloud: cloud}))
		}
	}
	require.NoError(t, os.WriteFile(filepath.Join(data, "bowl", "a.step"), nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(data, "bowl", "b\x1b.step"), nil, 0o600))
	out, notes, err := call(t.Context(), t, little(dir, "-data", data)...)
	require.NoError(t, err)
	require.Contains(t, out, "unseen shapes of 2 classes")
	require.Contains(t, notes, "passed over: 4 files that are no shapes by their names or places (.step 2, .txt 2), such as bowl/a.step\n")
	require.Contains(t, notes, "shapes have fewer than 64 points, the least 50: the model looks at all of them\n")
	require.Contains(t, notes, "shapes have no normals: they are estimated from the 16 nearest points\n")
	require.Contains(t, out, "shapes are learned and tested as they stand (-turn none)\n")
	require.Regexp(t, `accuracy \d\.\d\d if the unseen shapes are turned at random`, out)
	require.Contains(t, out, "too few shapes to tell later what is unlike them: that takes 49")
}

// A file that cannot be read ends the training, or is passed over by its name.
func TestSkip(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	for i, class := range []string{"chair", "chair", "bowl", "bowl"} {
		solid(t, class, filepath.Join(data, class, strings.Repeat("a", i+1)+".stl"))
	}
	require.NoError(t, os.WriteFile(filepath.Join(data, "bowl", "torn.stl"), []byte("solid"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(data, "bowl", "notes.md"), nil, 0o600))
	_, _, err := call(t.Context(), t, little(dir, "-data", data)...)
	require.ErrorContains(t, err, "torn.stl")
	require.ErrorContains(t, err, "-skip passes over them")
	_, notes, err := call(t.Context(), t, little(dir, "-data", data, "-skip")...)
	require.NoError(t, err)
	require.Contains(t, notes, "passed over: 1 of 5 files, which cannot be read:\n\t")
	require.Equal(t, 1, strings.Count(notes, "torn.stl"), notes)
	require.Contains(t, notes, "passed over: 1 file that is no shape by its name or place (.md 1), such as bowl/notes.md\n")
	require.NotContains(t, notes, "1 files")
}

func TestTable(t *testing.T) {
	dir := t.TempDir()
	rng := rand.New(rand.NewPCG(1, 1))
	const n = 24
	points := make([]int16, n*50*3)
	table := "kind,half,size\n"
	for i := range n {
		for j := range 50 * 3 {
			points[i*150+j] = int16(rng.IntN(1000) * (1 + j%3*(i%2)))
		}
		table += []string{"cube,", "plank,"}[i%2] + []string{"train,", "train,", "test,", "test,"}[i%4] + "12.5\n"
	}
	array, rows := filepath.Join(dir, "a.npy"), filepath.Join(dir, "a.csv")
	require.NoError(t, npy.WriteFile(array, points, n, 50, 3))
	require.NoError(t, os.WriteFile(rows, []byte(table), 0o600))
	out, notes, err := call(t.Context(), t, little(dir, "-data", array, "-table", rows, "-label", "kind", "-split", "half", "-extra", "size", "-top", "2")...)
	require.NoError(t, err)
	require.Contains(t, out, "on 12 unseen shapes of 2 classes")
	require.Contains(t, notes, "24 of 24 shapes have no normals")
	require.NotContains(t, notes, "drawn at random")
	require.Contains(t, notes, "kept: the largest classes, 2 of 2, with 24 of 24 shapes\n")
	_, _, err = call(t.Context(), t, "-out", dir, "-classify", array)
	require.ErrorContains(t, err, "size")
}

// The service is described where people look for it: in the help, the manual and
// the README, each with a line to try.
func TestServiceIsDescribed(t *testing.T) {
	var notes bytes.Buffer
	require.ErrorIs(t, run(t.Context(), []string{"-h"}, io.Discard, &notes), flag.ErrHelp)
	manual, err := os.ReadFile("main.go")
	require.NoError(t, err)
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	l := ourLimits()
	for name, text := range map[string]string{"help": notes.String(), "manual": string(manual), "README": string(readme)} {
		for _, want := range []string{
			"POST /classify", "curl --data-binary @part.stl 'http://127.0.0.1:8080/classify?name=part.stl'\n",
			`{"file":"part.stl","class":"bolt","probability":0.97,"unlike":false,"distance":0.8`, `{"error":"..."}`,
			fmt.Sprint(l.body>>20, " MiB"), "null", "49",
		} {
			require.Contains(t, text, want, name)
		}
	}
	for _, want := range []string{"503", "413", "404", fmt.Sprint(l.shape.Points), l.wait.String(), l.reading.String(), fmt.Sprint(l.waiting)} {
		require.Contains(t, notes.String(), want)
		require.Contains(t, strings.NewReplacer(",", "", " seconds", "s").Replace(string(manual)), want)
	}
}

func TestHelp(t *testing.T) {
	var out, notes bytes.Buffer
	require.ErrorIs(t, run(t.Context(), []string{"-help"}, &out, &notes), flag.ErrHelp)
	require.Contains(t, notes.String(), ".stl .off ")
	for line := range strings.Lines(notes.String()) {
		require.LessOrEqual(t, strings.Count(line, "(default"), 1, line)
	}
}
