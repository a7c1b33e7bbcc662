package classifier_test

import (
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers"
	"setwise/layers/classifier"
	"setwise/layers/local"
	"setwise/pointcloud"
)

// untrained is a model with all that a file holds.
var untrained = sync.OnceValue(func() *classifier.Classifier {
	c, err := classifier.New([]string{"bottle", "chair"}, classifier.Features{Points: 64, Unit: 1, Turn: "free"}, classifier.Config{Set: &layers.Config{Dim: 16, Inducing: 4}}, 1)
	if err != nil {
		panic(err)
	}
	c.Known = classifier.NewKnown(several(25, seeded(1), c.Classes...))
	return c
})

// written returns the name of a file of the untrained model whose contents were
// changed, with the checksum of what it holds now.
func written(t testing.TB, change func(config map[string]any, f *tensor.File)) string {
	name := filepath.Join(t.TempDir(), "m.safetensors")
	require.NoError(t, untrained().Save(name))
	f, err := tensor.Open(name, tensor.Limits{})
	require.NoError(t, err)
	var config map[string]any
	require.NoError(t, json.Unmarshal([]byte(f.Metadata["config"]), &config))
	change(config, f)
	text, err := json.Marshal(config)
	require.NoError(t, err)
	if _, ok := f.Metadata["config"]; ok {
		f.Metadata["config"] = string(text)
	}
	reseal(t, name, f)
	return name
}

func reseal(t testing.TB, name string, f *tensor.File) {
	var err error
	f.Metadata["checksum"], err = f.Digest("checksum")
	require.NoError(t, err)
	require.NoError(t, tensor.WriteFile(name, f))
}

// Whatever a file claims is refused before it does harm, by a sentence that
// says what.
func TestOpenRefuses(t *testing.T) {
	features := func(c map[string]any) map[string]any { return c["features"].(map[string]any) }
	network := func(c map[string]any) map[string]any { return c["network"].(map[string]any)["set"].(map[string]any) }
	instead := func(network any) func(map[string]any) {
		return func(c map[string]any) { c["network"] = network }
	}
	grouped := func(changed map[string]any) func(map[string]any) {
		c := map[string]any{"in": 8, "out": 2}
		maps.Copy(c, changed)
		return instead(map[string]any{"local": c})
	}
	stage := func(changed map[string]any) []any {
		s := map[string]any{"dim": 8, "groups": map[string]any{"centres": 16, "near": 4}}
		maps.Copy(s, changed)
		return []any{s}
	}
	known := func(c map[string]any) map[string]any { return c["known"].(map[string]any) }
	type config = map[string]any
	many := make([]string, 70_000)
	for i := range many {
		many[i] = strings.Repeat("x", i%5+1)
	}
	for name, c := range map[string]struct {
		change func(config)
		want   string
	}{
		"width":         {func(c config) { network(c)["dim"] = 3900 }, "numbers of the model"},
		"largest width": {func(c config) { network(c)["dim"] = 65536 }, "numbers in the parameters"},
		"blocks":        {func(c config) { network(c)["blocks"] = 200 }, "numbers of the model"},
		"dropout":       {func(c config) { network(c)["dropout"] = 7 }, "dropout"},
		"heads":         {func(c config) { network(c)["heads"] = 5 }, "heads"},
		"seeds":         {func(c config) { network(c)["seeds"] = 3 }, "3 seeds"},
		"in":            {func(c config) { network(c)["in"] = 9 }, "want a network of elements of width 8, got 9"},
		"full":          {func(c config) { network(c)["inducing"] = 0; features(c)["points"] = 1 << 20 }, "full attention"},
		"points":        {func(c config) { features(c)["points"] = 1 << 40 }, "want 1 to 1048576 points of a shape, got 1099511627776"},
		"no points":     {func(c config) { features(c)["points"] = 0 }, "points of a shape, got 0"},
		"half a point":  {func(c config) { features(c)["points"] = 1.5 }, "points"},
		"unit":          {func(c config) { features(c)["unit"] = 0 }, "want a unit above 0, got 0"},
		"large unit":    {func(c config) { features(c)["unit"] = 1e300 }, "want a unit"},
		"unit NaN":      {func(c config) { features(c)["unit"] = "NaN" }, "unit"},
		"turn":          {func(c config) { features(c)["turn"] = "\x1b[31mup" }, `got "\x1b[31mup"`},
		"scaler":        {func(c config) { features(c)["scaler"] = []config{{"Mean": 1}} }, "want a scale for each of 0 columns, got 1"},
		"columns":       {func(c config) { features(c)["columns"] = []string{"a"} }, "want a scale for each of 1 columns, got 0"},
		"same columns":  {func(c config) { features(c)["columns"] = []string{"a", "a"} }, "column 1: want names that differ"},
		"many columns":  {func(c config) { features(c)["columns"] = many[:2000] }, "want at most 1024 columns"},
		"deviation": {func(c config) {
			features(c)["columns"], features(c)["scaler"] = []string{"a"}, []config{{"Deviation": -1}}
		}, "want a deviation of at least 0"},
		"logarithm":       {func(c config) { features(c)["columns"], features(c)["scaler"] = []string{"a"}, []config{{"Log": true}} }, "has a logarithm"},
		"no classes":      {func(c config) { delete(c, "classes") }, "want 2 to 65536 classes, got 0"},
		"one class":       {func(c config) { c["classes"] = []string{"a"} }, "classes, got 1"},
		"three classes":   {func(c config) { c["classes"] = []string{"a", "b", "c"} }, "an output for each of 3 classes, got 2"},
		"same classes":    {func(c config) { c["classes"] = []string{"a", "a"} }, `class 1: want names that differ, got "a" again`},
		"empty class":     {func(c config) { c["classes"] = []string{"", "a"} }, "class 0: want a name"},
		"long class":      {func(c config) { c["classes"] = []string{"b", strings.Repeat("a", 1<<20)} }, "class 1: want a name of 1 to 1024 bytes"},
		"many classes":    {func(c config) { c["classes"] = many }, "classes, got 70000"},
		"no features":     {func(c config) { delete(c, "features") }, "points"},
		"no network":      {instead(config{}), "either set or local, got both or neither"},
		"two networks":    {instead(config{"set": config{"in": 8}, "local": config{"in": 8}}), "either set or local, got both or neither"},
		"another network": {instead(config{"trees": config{}}), `unknown field "trees"`},
		"another field":   {func(c config) { network(c)["colour"] = 1 }, `unknown field "colour"`},
		"old field":       {instead(config{"in": 8, "out": 2, "dim": 16, "colour": 1}), `unknown field`},
		"network text":    {instead("set"), "network"},
		"of points":       {grouped(config{"points": true}), "tells of its points"},
		"local width":     {grouped(config{"in": 9}), "want a network of elements of width 8, got 9"},
		"local weights":   {grouped(nil), "numbers of the model"},
		"local field":     {grouped(config{"colour": 1}), `unknown field "colour"`},
		"near": {func(c config) {
			features(c)["points"] = 1 << 20
			grouped(config{"stages": stage(config{"groups": config{"near": 1 << 20}})})(c)
		}, "numbers of the groups of a shape"},
		"pairs": {func(c config) {
			features(c)["points"] = 1 << 16
			grouped(config{"stages": stage(config{"pairs": []int{1 << 14}, "groups": config{"near": 1 << 10}})})(c)
		}, "numbers of the groups of a shape"},
		"all near": {func(c config) {
			features(c)["points"] = 1 << 20
			grouped(config{"stages": stage(config{"groups": config{"radius": 1}})})(c)
		}, "numbers of the groups of a shape"},
		"full tokens": {func(c config) {
			features(c)["points"] = 1 << 20
			grouped(config{"blocks": 1, "stages": stage(config{"groups": config{"near": 4}})})(c)
		}, "tokens for full attention"},
		"known points":    {func(c config) { known(c)["points"] = 1 << 30 }, "known shapes: want 1 to 1024 points"},
		"known limit":     {func(c config) { known(c)["limit"] = -1 }, "known shapes: want a limit"},
		"known units":     {func(c config) { known(c)["units"] = []float64{1} }, "known shapes: want 128 units, got 1"},
		"zero units":      {func(c config) { known(c)["units"] = make([]float64, 128) }, "known shapes: want units from 0.5"},
		"known profiles":  {func(c config) { known(c)["profiles"] = "AAAA" }, "known shapes: want 1 to 2048 profiles"},
		"many profiles":   {func(c config) { known(c)["profiles"] = strings.Repeat("A", 1<<20) }, "known shapes: want 1 to 2048 profiles"},
		"no known points": {func(c config) { known(c)["points"] = 0 }, "known shapes"},
	} {
		t.Run(name, func(t *testing.T) {
			file := written(t, func(config map[string]any, _ *tensor.File) { c.change(config) })
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := classifier.Open(file)
			runtime.ReadMemStats(&after)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, file)
			require.Less(t, len(err.Error()), 1000)
			require.NotContains(t, err.Error(), "\x1b")
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20))
		})
	}
}

func TestOpenRefusesWeights(t *testing.T) {
	for name, c := range map[string]struct {
		change func(f *tensor.File)
		want   string
	}{
		"NaN": {func(f *tensor.File) {
			f.Tensors["Head.Bias"] = tensor.Of([]float32{0, float32(math.NaN())}, 1, 2)
		}, "Head.Bias"},
		"missing":   {func(f *tensor.File) { delete(f.Tensors, "Head.Bias") }, "numbers of the model"},
		"renamed":   {func(f *tensor.File) { f.Tensors["Had"] = f.Tensors["Head.Bias"]; delete(f.Tensors, "Head.Bias") }, "Head.Bias"},
		"no config": {func(f *tensor.File) { delete(f.Metadata, "config") }, `want "config"`},
		"not ours":  {func(f *tensor.File) { maps.DeleteFunc(f.Metadata, func(string, string) bool { return true }) }, "want format"},
	} {
		t.Run(name, func(t *testing.T) {
			file := written(t, func(_ map[string]any, f *tensor.File) { c.change(f) })
			_, err := classifier.Open(file)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, file)
		})
	}
}

// What training leaves when it is stopped is no model, nor is one of another
// kind.
func TestOpenOthers(t *testing.T) {
	name := filepath.Join(t.TempDir(), "m")
	require.NoError(t, checkpoint.Save(name, untrained().Net, checkpoint.Contents{Config: untrained(), Progress: 1}))
	_, err := classifier.Open(name)
	require.ErrorContains(t, err, "want a trained model, got an unfinished training")
	require.NoError(t, checkpoint.Save(name, untrained().Net, checkpoint.Contents{Config: layers.Config{In: 3}}))
	_, err = classifier.Open(name)
	require.ErrorContains(t, err, "want 2 to 65536 classes, got 0")
	_, err = classifier.Open(filepath.Join(t.TempDir(), "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// Files of before there were profiles open, and tell nothing of what is unlike.
func TestOpenWithoutKnown(t *testing.T) {
	c, err := classifier.Open(written(t, func(config map[string]any, _ *tensor.File) { delete(config, "known") }))
	require.NoError(t, err)
	assert.False(t, c.Known.Tells())
	a, err := c.Classify(pointcloud.Cloud{Points: make([][3]float32, 2000)})
	require.NoError(t, err)
	assert.True(t, math.IsNaN(a.Distance))
	assert.False(t, a.Unlike)
}

// Whatever a file says of the model, Open returns an error or a classifier that
// works.
func FuzzOpen(f *testing.F) {
	text, err := json.Marshal(untrained())
	require.NoError(f, err)
	f.Add(string(text), false)
	f.Add(`{"classes":["a","b"],"features":{"points":1,"unit":1,"turn":"x"},"network":{"in":8,"out":2,"dim":16,"inducing":4}}`, false)
	small := classifier.Config{Local: &local.Config{Dim: 8, Hidden: 4, Stages: []local.Stage{{Groups: pointcloud.Groups{Centres: 4, Near: 3}, Dim: 4}}}}
	grouped, err := classifier.New(untrained().Classes, untrained().Features, small, 1)
	require.NoError(f, err)
	text, err = json.Marshal(grouped)
	require.NoError(f, err)
	f.Add(string(text), true)
	var names [2]string
	var files [2]*tensor.File
	for i, c := range []*classifier.Classifier{untrained(), grouped} {
		names[i] = filepath.Join(f.TempDir(), "m")
		require.NoError(f, c.Save(names[i]))
		files[i], err = tensor.Open(names[i], tensor.Limits{})
		require.NoError(f, err)
	}
	f.Fuzz(func(t *testing.T, config string, local bool) {
		if !utf8.ValidString(config) {
			return // which no file can hold
		}
		name, file := names[0], files[0]
		if local {
			name, file = names[1], files[1]
		}
		file.Metadata["config"] = config
		reseal(t, name, file)
		c, err := classifier.Open(name)
		if err != nil {
			return
		}
		if c.Features.Points > 1<<12 {
			return // which works and takes its time
		}
		_, err = c.Classify(pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 2, 3}, {3, 1, 2}}}, make([]float64, len(c.Features.Columns))...)
		require.NoError(t, err)
	})
}
