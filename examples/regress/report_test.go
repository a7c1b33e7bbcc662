package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The page of results is made of the results beside it.
func TestPage(t *testing.T) {
	docs := filepath.Join("..", "..", "docs")
	want, err := os.ReadFile(filepath.Join(docs, "results.md"))
	require.NoError(t, err)
	page, _, err := call(t.Context(), t, "-report", filepath.Join(docs, "results"))
	require.NoError(t, err)
	require.Equal(t, string(want), page, "go run ./examples/regress -report docs/results > docs/results.md")
}
