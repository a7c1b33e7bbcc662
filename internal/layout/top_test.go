package layout

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// top is what there may be at the top level, folders with a slash.
var top = []string{
	"go.mod", "go.sum", "README.md", "LICENSE", "CHANGELOG.md", ".golangci.yml", ".gitignore", ".ci/",
	"set/", "layers/", "pointcloud/", "graph/", "crossmodal/", "io/", "examples/", "internal/",
}

// strangers returns the names at the top level that are not to be there, of files
// named from the root.
func strangers(files []string) []string {
	found := map[string]bool{}
	for _, f := range files {
		name, _, below := strings.Cut(f, "/")
		if below {
			name += "/"
		}
		if !slices.Contains(top, name) {
			found[name] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func TestTopLevel(t *testing.T) {
	for _, name := range strangers(tracked(t)) {
		t.Errorf("%s is at the top level: want only %s", name, strings.Join(top, " "))
	}
}

func TestTopLevelFails(t *testing.T) {
	good := []string{"go.mod", ".ci/run", "set/set.go", "set/grad/tape.go", "io/internal/text/row.go", "examples/h5tonpy/go.mod"}
	assert.Empty(t, strangers(good))
	wrong := append(good, "tools/h5tonpy/main.go", "tools/h5tonpy/go.mod", "docs/a.png", "set", "go.mod/a", "Makefile", "iox/a.go", "Set/a.go")
	assert.Equal(t, []string{"Makefile", "Set/", "docs/", "go.mod/", "iox/", "set", "tools/"}, strangers(wrong))
}
