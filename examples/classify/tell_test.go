package main

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/shape"
	"setwise/io/stl"
	"setwise/layers/classifier"
	"setwise/pointcloud"
)

// shapesIn writes files of all formats, a broken one, and one that is no shape.
func shapesIn(t *testing.T, dir string) (good int) {
	t.Helper()
	file := solid(t, "chair", filepath.Join(dir, "some.stl"))
	mesh, err := stl.Open(file, stl.Limits{})
	require.NoError(t, err)
	cloud, err := mesh.Sample(2000, rand.New(rand.NewPCG(1, 1)))
	require.NoError(t, err)
	bare := shape.Shape{Cloud: pointcloud.Cloud{Points: cloud.Points}}
	for _, end := range shape.Ends() {
		name := filepath.Join(dir, "below", "bare"+end)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
		if shape.WriteFile(name, bare) != nil {
			name = filepath.Join(dir, "mesh"+end)
			require.NoError(t, shape.WriteFile(name, shape.Shape{Mesh: mesh}))
		}
		good++
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "broken.stl"), []byte("solid nonsense"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "readme.pdf"), nil, 0o600))
	return good + 1
}

// Files and folders are classified, one bad file does not stop the rest, errors
// and remarks are notes, and the program fails in the end.
func TestClassify(t *testing.T) {
	dir := t.TempDir()
	good := shapesIn(t, dir)
	file := filepath.Join(dir, "some.stl")
	out, notes, err := call(t.Context(), t, "-out", model().dir, "-classify", filepath.Join(dir, "broken.stl"), dir, file)
	require.ErrorContains(t, err, "2 of ")
	require.ErrorContains(t, err, "cannot be classified, the first is "+filepath.Join(dir, "broken.stl"))
	require.Equal(t, good+1, strings.Count(out, "\n"), out)
	require.Regexp(t, `(?m)^\S*/some\.stl:  \w+ 0\.\d\d\d  \w+ 0\.\d\d\d  \w+ 0\.\d\d\d  \w+ 0\.\d\d\d  \w+ 0\.\d\d\d$`, out)
	require.Regexp(t, `(?m)^\S*/below/bare\.csv:  \w+ 0\.\d\d\d  \w+`, out)
	require.Equal(t, 2, strings.Count(notes, "broken.stl"), notes)
	require.Contains(t, notes, dir+": passed over: 1 file that is no shape by its name or place (.pdf 1), such as readme.pdf\n")
	require.Contains(t, notes, "bare.csv: it has no normals, so that they are estimated")
	require.NotContains(t, notes, "some.stl: ")

	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(filepath.Join(dir, "below"), link))
	out, _, err = call(t.Context(), t, "-out", model().dir, "-classify", link)
	require.NoError(t, err)
	require.Contains(t, out, filepath.Join(link, "bare.csv")+":  ")
	_, _, err = call(t.Context(), t, "-out", model().dir, "-classify", t.TempDir())
	require.ErrorContains(t, err, "1 of 1 cannot be classified")
}

func TestFormats(t *testing.T) {
	dir := t.TempDir()
	good := shapesIn(t, dir)
	out, _, err := call(t.Context(), t, "-out", model().dir, "-format", "csv", "-classify", dir)
	require.Error(t, err)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, good+1)
	require.Equal(t, []string{"file", "class", "probability", "unlike", "distance", "bolt", "bottle"}, rows[0][:7])
	require.Len(t, rows[0], 5+12)
	require.Equal(t, []string{"", ""}, rows[1][3:5], "of 48 training shapes, which are too few to tell")

	out, _, err = call(t.Context(), t, "-out", model().dir, "-format", "json", "-classify", dir)
	require.Error(t, err)
	require.Equal(t, good, strings.Count(out, `"unlike":null,"distance":null,`))
	var objects []object
	require.NoError(t, json.Unmarshal([]byte(out), &objects), out)
	require.Len(t, objects, good)
	for i, o := range objects {
		require.Equal(t, rows[i+1][0], o.File)
		require.Equal(t, rows[i+1][1], o.Class)
		require.Len(t, o.Probabilities, 12)
		require.InDelta(t, o.Probability, o.Probabilities[o.Class], 0)
	}

	out, _, err = call(t.Context(), t, "-out", model().dir, "-format", "json", "-classify", filepath.Join(dir, "broken.stl"))
	require.Error(t, err)
	require.Equal(t, "[]\n", out)
}

// A shape comes from standard input as from its file.
func TestStandardInput(t *testing.T) {
	file := solid(t, "chair", filepath.Join(t.TempDir(), "a.stl"))
	want, _, err := call(t.Context(), t, "-out", model().dir, "-classify", file)
	require.NoError(t, err)
	in, err := os.Open(file)
	require.NoError(t, err)
	defer in.Close()
	var out, notes strings.Builder
	require.NoError(t, tell(t.Context(), options{out: model().dir, classify: []string{"-"}}, in, &out, &notes))
	require.Equal(t, strings.TrimPrefix(want, file), strings.TrimPrefix(out.String(), "-"))
}

// What is unlike anything learned is marked in all formats.
func TestUnlikeIsMarked(t *testing.T) {
	dir := t.TempDir()
	_, _, err := call(t.Context(), t, little(dir, "-solids", "5")...)
	require.NoError(t, err)
	var line pointcloud.Cloud
	for i := range 2000 {
		line.Points = append(line.Points, [3]float32{float32(i), 0, 0})
	}
	file := filepath.Join(dir, "line.xyz")
	require.NoError(t, shape.WriteFile(file, shape.Shape{Cloud: line}))
	for format, want := range map[string]string{"text": `  \(unlike anything learned\)\n`, "csv": `,true,\d+`, "json": `"unlike":true,"distance":\d+`} {
		out, _, err := call(t.Context(), t, "-out", dir, "-format", format, "-classify", file)
		require.NoError(t, err)
		require.Regexp(t, want, out)
	}
}

// The page says of a shape what the other formats say.
func TestPageSaysWhatIsUnlike(t *testing.T) {
	for want, a := range map[string]classifier.Answer{
		"<p>It is unlike anything learned.</p>":                        {Unlike: true, Distance: 9},
		"<p>Whether it is unlike anything learned cannot be told.</p>": {Distance: math.NaN()},
		"": {Distance: 0.5},
	} {
		a.Guesses = []classifier.Guess{{Class: "bolt", P: 1}}
		o := newObject("a.stl", a)
		w := httptest.NewRecorder()
		(&service{}).page(w, http.StatusOK, content{Answer: &o, Guesses: a.Guesses})
		require.Contains(t, w.Body.String(), want)
		require.Equal(t, want != "", strings.Contains(w.Body.String(), "unlike"), "distance %g", a.Distance)
	}
}

// Names of classes and files reach a terminal escaped.
func TestNamesAreEscaped(t *testing.T) {
	c, err := classifier.Open(filepath.Join(model().dir, "model.safetensors"))
	require.NoError(t, err)
	for i := range c.Classes {
		c.Classes[i] = "\x1b[31m\n\u202e\u009b" + c.Classes[i]
	}
	dir := t.TempDir()
	require.NoError(t, c.Save(filepath.Join(dir, "model.safetensors")))
	file := solid(t, "chair", filepath.Join(dir, "a\x1b\nb.stl"))
	for _, format := range []string{"text", "csv", "json"} {
		out, notes, err := call(t.Context(), t, "-out", dir, "-format", format, "-classify", file, file+"none")
		require.Error(t, err)
		require.NotContains(t, out+notes, "\x1b")
		require.NotContains(t, out+notes, "\u202e")
		require.NotContains(t, out+notes, "\u009b")
		require.Contains(t, out, `a\`)
	}
	var objects []object
	out, _, _ := call(t.Context(), t, "-out", dir, "-format", "json", "-classify", file)
	require.NoError(t, json.Unmarshal([]byte(out), &objects))
	require.Equal(t, file, objects[0].File)
	require.Contains(t, c.Classes, objects[0].Class)
}
