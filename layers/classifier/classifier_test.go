package classifier_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset/solids"
	"setwise/layers"
	"setwise/layers/classifier"
	"setwise/pointcloud"
)

// model is trained once for all tests, which only read it.
var model = sync.OnceValue(func() *classifier.Classifier { return trained("bottle", "chair") })

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 9)) }

// A file gives the classifier back, and a shape has one answer: from the file or
// before, alone or among 200 at once.
func TestConcurrent(t *testing.T) {
	name := filepath.Join(t.TempDir(), "m.safetensors")
	require.NoError(t, model().Save(name))
	c, err := classifier.Open(name)
	require.NoError(t, err)
	assert.Equal(t, model().Known, c.Known)

	const n = 200
	meshes, want, got := make([]pointcloud.Mesh, n), make([]classifier.Answer, n), make([]classifier.Answer, n)
	for i := range meshes {
		meshes[i], err = solids.New([]string{"bottle", "chair"}[i%2], seeded(uint64(i/2)))
		require.NoError(t, err)
		want[i], err = model().ClassifyMesh(meshes[i])
		require.NoError(t, err)
	}
	var all sync.WaitGroup
	for i := range meshes {
		all.Go(func() {
			var err error
			got[i], err = c.ClassifyMesh(meshes[i])
			assert.NoError(t, err)
		})
	}
	all.Wait()
	assert.Equal(t, want, got)
	right := 0
	for i, a := range got {
		if a.Guesses[0].Class == []string{"bottle", "chair"}[i%2] {
			right++
		}
		assert.InDelta(t, 1, a.Guesses[0].P+a.Guesses[1].P, 1e-9)
		assert.GreaterOrEqual(t, a.Guesses[0].P, a.Guesses[1].P)
	}
	assert.Greater(t, right, 190)
}

// Examples do not change each other's probabilities.
func TestProbabilitiesAlone(t *testing.T) {
	examples := []classifier.Example{example("chair", seeded(1)), example("bottle", seeded(2)), example("chair", seeded(3))}
	all := model().Probabilities(examples, 2)
	for i, e := range examples {
		assert.Equal(t, all[i], model().Probabilities([]classifier.Example{e}, 2)[0])
	}
}

func TestNotes(t *testing.T) {
	cloud := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 2, 3}, {4, 5, 7}}}
	a, err := model().Classify(cloud)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"it has 3 points, and the model looks at up to 64",
		"it has no normals, so that they are estimated",
		"1024 points tell whether it is unlike anything learned, and it has 3 that differ",
	}, a.Notes)
	assert.True(t, math.IsNaN(a.Distance))
	assert.False(t, a.Unlike)

	a, err = model().Classify(example("chair", seeded(1)).Points(2000, seeded(2)))
	require.NoError(t, err)
	assert.Empty(t, a.Notes)
	for _, one := range [][][3]float32{{{5, 5, 5}}, {{0, 0, 0}, {0, 0, 0}}, {{-3e38, 0, 0}, {3e38, 3e38, 3e38}}, {{1e-45, 0, 0}, {0, 0, 0}}} {
		_, err := model().Classify(pointcloud.Cloud{Points: one})
		assert.NoError(t, err, "%v", one)
	}
}

func TestRefuses(t *testing.T) {
	c := model()
	nan := float32(math.NaN())
	for name, f := range map[string]struct {
		got  func() (classifier.Answer, error)
		want string
	}{
		"empty": {func() (classifier.Answer, error) { return c.Classify(pointcloud.Cloud{}) }, "want a cloud with a point"},
		"NaN": {func() (classifier.Answer, error) {
			return c.Classify(pointcloud.Cloud{Points: [][3]float32{{nan, 0, 0}}})
		}, "point 0: want finite"},
		"normals": {func() (classifier.Answer, error) {
			return c.Classify(pointcloud.Cloud{Points: make([][3]float32, 2), Normals: make([][3]float32, 1)})
		}, "normal"},
		"numbers": {func() (classifier.Answer, error) {
			return c.Classify(pointcloud.Cloud{Points: make([][3]float32, 2)}, 1, 2)
		}, "want 0 numbers beside the shape"},
		"no mesh": {func() (classifier.Answer, error) { return c.ClassifyMesh(pointcloud.Mesh{}) }, "area"},
		"corner": {func() (classifier.Answer, error) {
			return c.ClassifyMesh(pointcloud.Mesh{Vertices: make([][3]float32, 2), Faces: [][3]int32{{0, 1, 2}}})
		}, "face 0"},
		"no faces": {func() (classifier.Answer, error) {
			return c.ClassifyReader(strings.NewReader("solid a\nendsolid a\n"), "a.stl")
		}, "want a mesh with some area, or points, got nothing"},
		"not a shape": {func() (classifier.Answer, error) { return c.ClassifyReader(strings.NewReader("hello"), "a.stl") }, "a.stl"},
		"nothing":     {func() (classifier.Answer, error) { return c.ClassifyReader(strings.NewReader(""), "") }, "classifier: shape:"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := f.got()
			require.ErrorContains(t, err, f.want)
			require.ErrorContains(t, err, "classifier: ")
		})
	}
}

// A model of more than points wants as many numbers.
func TestColumns(t *testing.T) {
	f := classifier.Features{Points: 16, Columns: []string{"size", "age"}, Scaler: classifier.NewScaler([][]float64{{1, 3}, {100, 4}}), Unit: 2, Turn: "none"}
	assert.Equal(t, 8+2+3, f.Width(), "the size, in logarithm, comes with the coordinates")
	c, err := classifier.New([]string{"a", "b"}, f, classifier.Config{Set: &layers.Config{Dim: 8, Inducing: 2}}, 1)
	require.NoError(t, err)
	cloud := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 2, 3}, {4, 5, 7}}}
	small, err := c.Classify(cloud, 1, 3.5)
	require.NoError(t, err)
	large, err := c.Classify(cloud, 90, 3.5)
	require.NoError(t, err)
	assert.NotEqual(t, small.Guesses, large.Guesses)
	for _, x := range []float64{math.MaxFloat64, -math.MaxFloat64, 0, math.SmallestNonzeroFloat64} {
		_, err = c.Classify(cloud, x, x)
		assert.NoError(t, err)
	}
	_, err = c.Classify(cloud, 1)
	assert.EqualError(t, err, `classifier: want 2 numbers beside the shape, ["size" "age"], got 1`)
	_, err = c.Classify(cloud, 1, math.NaN())
	assert.EqualError(t, err, `classifier: "age": want a finite number, got NaN`)
	assert.Panics(t, func() { f.Elements(cloud, []float64{1, 2}) }, "no normals")
}

func TestNewRefuses(t *testing.T) {
	good := classifier.Features{Points: 16, Unit: 1, Turn: "z"}
	config := layers.Config{Dim: 8, Inducing: 2}
	for _, c := range []struct {
		classes []string
		change  func(*classifier.Features, *layers.Config)
		want    string
	}{
		{[]string{"a"}, nil, "want 2 to 65536 classes, got 1"},
		{[]string{"a", "a"}, nil, `class 1: want names that differ, got "a" again`},
		{[]string{"a", ""}, nil, "class 1: want a name"},
		{[]string{"a", "b\xff"}, nil, "UTF-8"},
		{[]string{"a", "b"}, func(f *classifier.Features, _ *layers.Config) { f.Points = 0 }, "points"},
		{[]string{"a", "b"}, func(f *classifier.Features, _ *layers.Config) { f.Turn = "up" }, `got "up"`},
		{[]string{"a", "b"}, func(_ *classifier.Features, c *layers.Config) { c.Dim = 6 }, "heads"},
		{[]string{"a", "b"}, func(_ *classifier.Features, c *layers.Config) { c.Seeds = 2 }, "2 seeds"},
	} {
		f, n := good, config
		if c.change != nil {
			c.change(&f, &n)
		}
		_, err := classifier.New(c.classes, f, classifier.Config{Set: &n}, 1)
		assert.ErrorContains(t, err, c.want, fmt.Sprint(c.classes))
	}
}
