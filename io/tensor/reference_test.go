package tensor

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// referenceDir holds models as PyTorch saved them.
const referenceDir = "../../layers/testdata/reference"

func TestReferenceFilesAgree(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(referenceDir, "*.pt"))
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			torch, err := Open(name, Limits{})
			require.NoError(t, err)
			safe, err := Open(strings.TrimSuffix(name, ".pt")+".safetensors", Limits{})
			require.NoError(t, err)
			assert.NotEmpty(t, safe.Metadata["model"])
			weights := 0
			for full, want := range safe.Tensors {
				name, ok := strings.CutPrefix(full, "weight/")
				if !ok {
					continue
				}
				weights++
				got := torch.Tensors[name]
				require.NotNil(t, got, name)
				assert.Equal(t, want.String(), got.String())
				w, err := want.Float32s()
				require.NoError(t, err)
				g, err := got.Float32s()
				require.NoError(t, err)
				assert.Equal(t, w, g, name)
			}
			assert.Len(t, torch.Tensors, weights)
			assert.NotZero(t, weights)
		})
	}
}
