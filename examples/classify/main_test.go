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
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"setwise/io/dataset/solids"
	"setwise/io/npy"
	"setwise/io/shape"
	"setwise/io/stl"
	"setwise/pointcloud"

	"math/rand/v2"
)

// call runs the program and returns what it prints.
func call(ctx context.Context, t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out, notes bytes.Buffer
	err := run(ctx, args, &out, &notes)
	return out.String(), err
}

// small makes a training of a second or so.
func small(out string, more ...string) []string {
	return append([]string{"-solids", "4", "-points", "64", "-dim", "16", "-epochs", "3", "-out", out}, more...)
}

func TestTrainAndClassify(t *testing.T) {
	dir := t.TempDir()
	out, err := call(t.Context(), t, small(dir)...)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Regexp(t, regexp.MustCompile(`^accuracy \d\.\d\d on 12 unseen shapes of 12 classes$`), lines[len(lines)-1])
	for _, name := range []string{"curve.png", "confusion.png", "attention.png"} {
		f, err := os.Open(filepath.Join(dir, name))
		require.NoError(t, err)
		_, err = png.Decode(f)
		require.NoError(t, err, name)
		f.Close()
	}
	page, err := os.ReadFile(filepath.Join(dir, "cloud.html"))
	require.NoError(t, err)
	require.Contains(t, string(page), "<figcaption>attention in ")
	require.NoFileExists(t, filepath.Join(dir, "model.safetensors.part"))

	mesh, err := solids.New("chair", rand.New(rand.NewPCG(9, 9)))
	require.NoError(t, err)
	file := filepath.Join(dir, "some.stl")
	require.NoError(t, stl.WriteFile(file, mesh, stl.Options{}))
	broken := filepath.Join(dir, "broken.stl")
	require.NoError(t, os.WriteFile(broken, []byte("solid nonsense"), 0o600))
	args := []string{"-out", dir, "-classify", file, broken}
	bare := shape.Shape{Cloud: pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 2, 3}, {4, 5, 7}}}}
	for _, end := range shape.Ends() {
		name := filepath.Join(dir, "bare"+end)
		if shape.WriteFile(name, bare) != nil {
			name = filepath.Join(dir, "mesh"+end)
			require.NoError(t, shape.WriteFile(name, shape.Shape{Mesh: mesh}))
		}
		args = append(args, name)
	}
	out, err = call(t.Context(), t, append(args, file)...)
	require.ErrorContains(t, err, "broken.stl")
	require.Equal(t, len(args)-3, strings.Count(out, "\n"), out)
	require.Regexp(t, `some\.stl:  \w+ 0\.\d\d\d  \w+`, out)
	require.Regexp(t, `bare\.csv:  \w+ 0\.\d\d\d  \w+`, out)
}

// A folder may hold files of all formats beside each other.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	for i, class := range []string{"chair", "bowl"} {
		for _, end := range shape.Ends() {
			mesh, err := solids.New(class, rand.New(rand.NewPCG(uint64(i), 1)))
			require.NoError(t, err)
			name := filepath.Join(dir, "data", class, "some"+end)
			require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
			if shape.WriteFile(name, shape.Shape{Mesh: mesh}) == nil {
				continue
			}
			cloud, err := mesh.Sample(100, rand.New(rand.NewPCG(uint64(i), 2)))
			require.NoError(t, err)
			require.NoError(t, shape.WriteFile(name, shape.Shape{Cloud: cloud}))
		}
	}
	out, err := call(t.Context(), t, small(dir, "-data", filepath.Join(dir, "data"))...)
	require.NoError(t, err)
	require.Contains(t, out, "unseen shapes of 2 classes")
}

func TestHelp(t *testing.T) {
	var out, notes bytes.Buffer
	require.ErrorIs(t, run(t.Context(), []string{"-help"}, &out, &notes), flag.ErrHelp)
	require.Contains(t, notes.String(), ".stl .off ")
}

// A training that is stopped and resumed ends with the same model as one that
// is not.
func TestResume(t *testing.T) {
	whole, parts := t.TempDir(), t.TempDir()
	_, err := call(t.Context(), t, small(whole)...)
	require.NoError(t, err)

	_, err = call(t.Context(), t, small(parts, "-resume")...)
	require.ErrorContains(t, err, "-resume")
	stops := 0
	var more []string
	for {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(150+50*stops)*time.Millisecond)
		out, err := call(ctx, t, small(parts, more...)...)
		cancel()
		require.NoError(t, err)
		if strings.Contains(out, "accuracy") {
			break
		}
		stops++
		if strings.Contains(out, "before the first step") {
			more = nil
			continue
		}
		require.Contains(t, out, "-resume")
		more = []string{"-resume"}
	}
	want, err := os.ReadFile(filepath.Join(whole, "model.safetensors"))
	require.NoError(t, err)
	got, err := os.ReadFile(filepath.Join(parts, "model.safetensors"))
	require.NoError(t, err)
	require.Equal(t, want, got)
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
	out, err := call(t.Context(), t, small(dir, "-data", array, "-table", rows, "-label", "kind", "-split", "half", "-extra", "size", "-top", "2")...)
	require.NoError(t, err)
	require.Contains(t, out, "on 12 unseen shapes of 2 classes")
	_, err = call(t.Context(), t, "-out", dir, "-classify", array)
	require.ErrorContains(t, err, "size")
}

func TestMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no such folder": {[]string{"-data", "nowhere"}, "nowhere"},
		"no table":       {[]string{"-data", "a.npy"}, "-table"},
		"no model":       {[]string{"-model", "none.safetensors", "-classify", "a.stl"}, "none.safetensors"},
		"turn":           {[]string{"-turn", "up"}, "-turn"},
		"points":         {[]string{"-points", "-1"}, "-points"},
		"loose file":     {[]string{"a.stl"}, "-classify"},
		"width":          {[]string{"-dim", "30", "-out", t.TempDir()}, "heads"},
		"top":            {[]string{"-top", "3"}, "-table"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := call(t.Context(), t, c.args...)
			require.ErrorContains(t, err, c.want)
		})
	}
}
