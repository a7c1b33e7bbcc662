package layout

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// root is the folder of the module.
const root = "../.."

// A file is a parsed Go file of the module.
type file struct {
	path   string // from the root of the module, with slashes
	source string
	*ast.File
}

func (f *file) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

// folder returns the folder of the file, which is its package's path in the
// module.
func (f *file) folder() string { return path.Dir(f.path) }

// isTool reports whether the file is kept out of every build.
func (f *file) isTool() bool { return strings.Contains(f.source, "\n//go:build ignore\n") }

// tree parses the Go files of the module, without those of modules within it.
func tree(t *testing.T) (*token.FileSet, []*file) {
	t.Helper()
	fset := token.NewFileSet()
	var files []*file
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			_, nested := os.Stat(filepath.Join(name, "go.mod"))
			base := d.Name()
			if name != root && (nested == nil || base == "testdata" || base[0] == '.' || base[0] == '_') {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		parsed, err := parser.ParseFile(fset, rel, source, parser.ParseComments|parser.SkipObjectResolution)
		files = append(files, &file{path: rel, source: string(source), File: parsed})
		return err
	})
	require.NoError(t, err)
	return fset, files
}

// tracked returns the names of all files that git tracks, from the root of the
// module, and skips the rest of the test where this is no checkout.
func tracked(t *testing.T) []string {
	t.Helper()
	list, err := exec.Command("git", "-C", root, "ls-files", "-z").Output()
	if err != nil {
		t.Skipf("not a checkout, so nobody knows which files there are to be: %v", err)
	}
	return strings.Split(strings.TrimRight(string(list), "\x00"), "\x00")
}

// imports returns what each package of a module imports outside its tests, and what
// the tests of examples import of internal.
func imports(t *testing.T, module string, files []*file) map[string][]string {
	t.Helper()
	graph := map[string][]string{}
	for _, f := range files {
		if f.isTool() || f.isTest() && !strings.HasPrefix(f.path, "examples/") {
			continue
		}
		imported := graph[f.folder()]
		for _, i := range f.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			require.NoError(t, err)
			if !f.isTest() || strings.HasPrefix(p, module+"/internal/") {
				imported = append(imported, p)
			}
		}
		graph[f.folder()] = imported
	}
	return graph
}

// goMod returns the path of the module and of those it requires.
func goMod(t *testing.T) (module string, required []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		switch {
		case len(words) >= 2 && words[0] == "module":
			module = words[1]
		case len(words) >= 2 && strings.HasPrefix(words[1], "v"):
			required = append(required, words[0])
		}
	}
	return module, required
}
