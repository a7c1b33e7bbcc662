package layout

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// levels lists the packages from the lowest up, as patterns of path.Match. The
// highest pattern that matches counts.
var levels = [][]string{
	{"internal/kernel", "internal/attend", "internal/parallel", "internal/elementary", "internal/layout", "internal/cases", "internal/peer"},
	{"set"},
	{"set/grad", "pointcloud", "graph"},
	{"set/grad/loss", "layers/attention", "layers/optim", "pointcloud/view", "io/internal/*"},
	{"layers", "io/*"},
	{"layers/local", "layers/train", "layers/layertest", "internal/gradtest", "io/checkpoint", "io/shape", "io/dataset/*"},
	{"crossmodal", "layers/classifier", "io/dataset"},
	{"examples/internal/*"},
	{"examples/regress/study", "examples/regress/models", "examples/regress/pictures"},
	{"examples/regress/folds", "examples/regress/drawings", "examples/regress/regresstest"},
	{"examples/regress/clustering", "examples/regress/concepts", "examples/regress/csv", "examples/regress/digits", "examples/regress/maximum",
		"examples/regress/molecules", "examples/regress/process", "examples/regress/unique"},
	{"examples/*"},
}

var (
	learning = []string{"set/grad", "set/grad/*", "layers", "layers/*", "crossmodal", "io/checkpoint"}
	data     = []string{"set", "pointcloud", "pointcloud/*", "graph", "io/*", "io/*/*"} // but for io/checkpoint
	shared   = []string{"gonum.org/v1/gonum", "github.com/stretchr/testify"}            // modules that several packages may import
)

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, _ := path.Match(p, name)
		return ok
	})
}

// level returns the level of a package of this module, or -1.
func level(name string) int {
	for l, patterns := range slices.Backward(levels) {
		if matches(patterns, name) {
			return l
		}
	}
	return -1
}

// together reports whether two packages on one level are in one internal folder, of
// which those at the root and in io are each a whole.
func together(a, b string) bool {
	return level(a) == level(b) && path.Dir(a) == path.Dir(b) && path.Base(path.Dir(a)) == "internal"
}

// breaches returns a sentence for every import that breaks a rule. The graph
// gives, for each package by its path within the module, what it imports.
func breaches(module string, required []string, graph map[string][]string) []string {
	var found []string
	report := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	users := map[string][]string{}
	for _, from := range slices.Sorted(maps.Keys(graph)) {
		if from == "io" {
			report("io has Go files: want them in a package below it")
			continue
		}
		if level(from) < 0 {
			report("%s has no level: want it in the list", from)
			continue
		}
		for _, imported := range graph[from] {
			to, own := strings.CutPrefix(imported, module+"/")
			if !own {
				if m := moduleOf(required, imported); m != "" {
					users[m] = append(users[m], user(from))
				}
				continue
			}
			if level(to) >= level(from) && !together(from, to) {
				report("%s imports %s: want only packages of lower levels", from, to)
			}
			if strings.HasPrefix(from, "examples/") && strings.HasPrefix(to, "internal/") {
				report("%s imports %s: want examples that import nothing internal but examples/internal", from, to)
			}
			if matches(data, from) && !matches(learning, from) && matches(learning, to) {
				report("%s imports %s: want data without learning", from, to)
			}
		}
	}
	for _, m := range slices.Sorted(maps.Keys(users)) {
		slices.Sort(users[m])
		if by := slices.Compact(users[m]); len(by) > 1 && !slices.Contains(shared, m) {
			report("%s is imported by %s: want one package to do so", m, strings.Join(by, ", "))
		}
	}
	return found
}

// user is who imports a module: a package, or the examples as a whole.
func user(name string) string {
	if first, _, _ := strings.Cut(name, "/"); first == "examples" {
		return first
	}
	return name
}

// moduleOf returns the required module that holds an imported package, or "".
func moduleOf(required []string, imported string) string {
	longest := ""
	for _, m := range required {
		if (imported == m || strings.HasPrefix(imported, m+"/")) && len(m) > len(longest) {
			longest = m
		}
	}
	return longest
}

func TestImports(t *testing.T) {
	_, files := tree(t)
	module, required := goMod(t)
	for _, b := range breaches(module, required, imports(t, module, files)) {
		t.Error(b)
	}
}

// TestImportsFail shows that every rule can be broken.
func TestImportsFail(t *testing.T) {
	required := []string{"gonum.org/v1/gonum", "gonum.org/v1/plot", "example.org/stl"}
	good := map[string][]string{
		"internal/parallel": {"runtime"},
		"internal/kernel":   {"m/internal/parallel", "gonum.org/v1/gonum/blas"},
		"set":               {"m/internal/kernel"},
		"set/grad":          {"m/set"},
		"graph":             {"m/set", "gonum.org/v1/gonum/graph"},
		"pointcloud":        {"m/set"},
		"pointcloud/view":   {"m/pointcloud"},
		"layers":            {"m/layers/attention", "m/set/grad"},
		"layers/attention":  {"m/set/grad"},
		"layers/train":      {"m/layers", "m/layers/optim"},
		"io/internal/text":  {"m/io/internal/number"},
		"io/stl":            {"io", "m/pointcloud", "m/io/internal/text", "example.org/stl"},
		"io/shape":          {"m/io/stl"},
		"io/checkpoint":     {"m/layers", "m/io/npy"},
		"io/dataset":        {"m/io/shape"},
		"layers/classifier": {"m/layers/train", "m/io/checkpoint", "m/io/shape", "m/pointcloud"},
		"crossmodal":        {"m/graph", "m/pointcloud", "m/layers/train"},
		"examples/classify": {"m/io/dataset", "m/crossmodal", "gonum.org/v1/plot"},
		"examples/regress":  {"gonum.org/v1/plot/vg", "m/examples/regress/digits", "m/examples/internal/show"},

		"examples/regress/digits":   {"m/examples/regress/drawings", "m/examples/internal/files"},
		"examples/regress/drawings": {"m/examples/regress/study"},
	}
	assert.Empty(t, breaches("m", required, good))
	for _, c := range []struct{ from, to, want string }{
		{"set", "m/set/grad", "set imports set/grad: want only packages of lower levels"},
		{"set", "m/pointcloud", "set imports pointcloud: want only packages of lower levels"},
		{"internal/kernel", "m/set", "internal/kernel imports set: want only packages of lower levels"},
		{"pointcloud", "m/graph", "pointcloud imports graph: want only packages of lower levels"},
		{"pointcloud", "m/set/grad", "pointcloud imports set/grad: want data without learning"},
		{"io/stl", "m/set/grad", "io/stl imports set/grad: want data without learning"},
		{"io/stl", "m/io/npy", "io/stl imports io/npy: want only packages of lower levels"},
		{"io/dataset", "m/layers/optim", "io/dataset imports layers/optim: want data without learning"},
		{"io/shape", "m/io/checkpoint", "io/shape imports io/checkpoint: want data without learning"},
		{"layers", "m/layers/train", "layers imports layers/train: want only packages of lower levels"},
		{"layers/classifier", "m/io/dataset", "layers/classifier imports io/dataset: want only packages of lower levels"},
		{"io/dataset", "m/layers/classifier", "io/dataset imports layers/classifier: want data without learning"},
		{"layers/attention", "m/layers", "layers/attention imports layers: want only packages of lower levels"},
		{"crossmodal", "m/examples/classify", "crossmodal imports examples/classify: want only packages of lower levels"},
		{"examples/classify", "m/internal/kernel", "examples/classify imports internal/kernel: want examples that import nothing internal but examples/internal"},
		{"examples/regress/digits", "m/internal/words", "examples/regress/digits imports internal/words: want examples that import nothing internal but examples/internal"},
		{"examples/internal/show", "m/internal/atomicfile", "examples/internal/show imports internal/atomicfile: want examples that import nothing internal but examples/internal"},
		{"examples/regress/drawings", "m/examples/regress/digits", "examples/regress/drawings imports examples/regress/digits: want only packages of lower levels"},
		{"io", "os", "io has Go files: want them in a package below it"},
		{"tools", "os", "tools has no level: want it in the list"},
		{"internal/words", "os", "internal/words has no level: want it in the list"},
		{"internal/kernel", "m/io/internal/text", "internal/kernel imports io/internal/text: want only packages of lower levels"},
		{"pointcloud", "m/io/internal/number", "pointcloud imports io/internal/number: want only packages of lower levels"},
		{"io/internal/text", "m/io/stl", "io/internal/text imports io/stl: want only packages of lower levels"},
		{"io/internal/text", "m/layers/optim", "io/internal/text imports layers/optim: want data without learning"},
		{"io/shape", "example.org/stl/mesh", "example.org/stl is imported by io/shape, io/stl: want one package to do so"},
		{"layers", "gonum.org/v1/plot", "gonum.org/v1/plot is imported by examples, layers: want one package to do so"},
	} {
		broken := maps.Clone(good)
		broken[c.from] = append(slices.Clone(broken[c.from]), c.to)
		assert.Contains(t, breaches("m", required, broken), c.want)
	}
}
