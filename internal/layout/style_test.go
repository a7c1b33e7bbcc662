package layout

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	mostLines = 400
	mostBytes = 5 << 20
)

// undocumented returns the exported names of a file that have no comment.
// A comment above a group of constants or variables serves them all, and the
// comment of a type its fields.
func undocumented(f *ast.File) []*ast.Ident {
	var bare []*ast.Ident
	note := func(name *ast.Ident, comments ...*ast.CommentGroup) {
		if name.IsExported() && strings.TrimSpace(text(comments)) == "" {
			bare = append(bare, name)
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil || receiver(d.Recv.List[0].Type).IsExported() {
				note(d.Name, d.Doc)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					note(s.Name, d.Doc, s.Doc)
				case *ast.ValueSpec:
					for _, name := range s.Names {
						note(name, d.Doc, s.Doc, s.Comment)
					}
				}
			}
		}
	}
	return bare
}

// text joins comments, directives left out.
func text(comments []*ast.CommentGroup) string {
	var b strings.Builder
	for _, c := range comments {
		b.WriteString(c.Text())
	}
	return b.String()
}

// receiver returns the name of a receiver's type.
func receiver(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e
	}
	return ast.NewIdent("_")
}

func TestComments(t *testing.T) {
	fset, files := tree(t)
	commented := map[string]bool{}
	for _, f := range files {
		if f.isTest() || f.isTool() {
			continue
		}
		commented[f.folder()] = commented[f.folder()] || f.Doc.Text() != ""
		if f.Name.Name == "main" {
			continue
		}
		for _, name := range undocumented(f.File) {
			t.Errorf("%s: %s has no comment", fset.Position(name.Pos()), name)
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(commented)) {
		if !commented[folder] {
			t.Errorf("package %s has no comment", folder)
		}
	}
}

func TestCommentsFail(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "", `package p
func Bare() {}
func own() {}
// Fine is fine.
func Fine() {}
//go:noinline
func Directive() {}
type T struct{ Field int }
type own struct{}
func (own) Method() {}
func (*T) Method() {}
// Pair is fine.
type Pair[A, B any] struct{}
func (p *Pair[A, B]) Swap() {}
// A group.
const ( A = 1; B = 2 )
var ( C = 1 // said here
	D = 2 )
`, parser.ParseComments)
	require.NoError(t, err)
	var got []string
	for _, name := range undocumented(f) {
		got = append(got, name.Name)
	}
	assert.Equal(t, []string{"Bare", "Directive", "T", "Method", "Swap", "D"}, got)
}

func TestEveryPackageHasAnExample(t *testing.T) {
	_, files := tree(t)
	has := map[string]bool{}
	for _, f := range files {
		if f.isTool() || f.Name.Name == "main" || strings.Contains("/"+f.path, "/internal/") {
			continue
		}
		has[f.folder()] = has[f.folder()] || f.isTest() && slices.ContainsFunc(f.Decls, func(d ast.Decl) bool {
			fn, ok := d.(*ast.FuncDecl)
			return ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Example")
		})
	}
	for _, folder := range slices.Sorted(maps.Keys(has)) {
		if !has[folder] {
			t.Errorf("package %s has no Example", folder)
		}
	}
}

func TestFilesAreSmall(t *testing.T) {
	_, files := tree(t)
	for _, f := range files {
		if n := strings.Count(f.source, "\n"); n > mostLines && !ast.IsGenerated(f.File) {
			t.Errorf("%s has %d lines: want at most %d", f.path, n, mostLines)
		}
	}

	for _, name := range tracked(t) {
		if info, err := os.Stat(filepath.Join(root, name)); err == nil && info.Size() > mostBytes {
			t.Errorf("%s has %d bytes: want at most %d", name, info.Size(), mostBytes)
		}
	}
}

// blocks returns the Go code blocks of a Markdown text.
func blocks(markdown string) []string {
	var found []string
	for i, part := range strings.Split("\n"+markdown, "\n```") {
		if code, ok := strings.CutPrefix(part, "go\n"); ok && i%2 == 1 {
			found = append(found, code)
		}
	}
	return found
}

// oneLine turns every run of white space into one blank.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestReadme(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if os.IsNotExist(err) {
		t.Skip("no README.md")
	}
	require.NoError(t, err)
	_, files := tree(t)
	var sources []string
	for _, f := range files {
		sources = append(sources, f.source)
	}
	for _, code := range strays(string(readme), sources) {
		t.Errorf("README.md has code that is in no Go file:\n%s", code)
	}
}

// strays returns the Go blocks of a Markdown text that are part of no source,
// white space aside.
func strays(markdown string, sources []string) []string {
	return slices.DeleteFunc(blocks(markdown), func(code string) bool {
		return slices.ContainsFunc(sources, func(s string) bool { return strings.Contains(oneLine(s), oneLine(code)) })
	})
}

func TestReadmeFails(t *testing.T) {
	sources := []string{"package p\n\nfunc f() {\n\ta()\n\tb()\n}\n", "package q\n\nfunc g() { c() }\n"}
	markdown := "```go\na()\nb()\n```\n```go\na()\nc()\n```\n```go\nc()\n```\n```sh\nrun\n```\n"
	assert.Equal(t, []string{"a()\nc()"}, strays(markdown, sources))

	got := blocks("```go\na()\n```\ntext ```go\n```sh\nrun\n```\n\n```go\nb()\n\tc()\n```\n")
	assert.Equal(t, []string{"a()", "b()\n\tc()"}, got)
	assert.Empty(t, blocks("none"))
}
