package source_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/io/internal/source"
)

func TestPointers(t *testing.T) {
	for text, want := range map[string]string{
		"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n": "a Git LFS pointer, not the file",
		"version https://hawser.github.com/spec/v1\n":                        "a Git LFS pointer, not the file",
		"/annex/objects/SHA256E-s10--a.ply\n":                                "a git-annex pointer, not the file",
		"version 0.7\n":                                                      "",
		"/annex":                                                             "",
		"":                                                                   "",
	} {
		name := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		f, err := source.File(name)
		_, errNew := source.New(strings.NewReader(text))
		if want == "" {
			require.NoError(t, err)
			require.NoError(t, f.Close())
			require.NoError(t, errNew)
			continue
		}
		assert.ErrorContains(t, err, "open "+name+": "+want)
		assert.ErrorContains(t, errNew, want)
		_, err = source.Read("ply", strings.NewReader(string(formattest.Zipped(t, []byte(text)))), func(*source.Stream) (int, error) { return 1, nil })
		assert.ErrorContains(t, err, "ply: "+want, "unzipped")
	}
}
