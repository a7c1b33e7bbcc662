package tensor

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What is written for PyTorch is read back, whatever its type and shape.
func TestWritePTFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "w.pt")
	f := sample()
	f.Metadata = nil
	delete(f.Tensors, "") // of a type that PyTorch lacks
	f.Tensors["x"] = Of([]float32{1, 2, 3, 4, 5, 6}, 1, 2, 3)
	require.NoError(t, WritePTFile(name, f))
	got, err := Open(name, Limits{})
	require.NoError(t, err)
	equal(t, f, got)
	only(t, filepath.Dir(name), "w.pt")

	z, err := zip.OpenReader(name)
	require.NoError(t, err)
	defer z.Close()
	for _, r := range z.File {
		at, err := r.DataOffset()
		require.NoError(t, err)
		assert.Zero(t, at%64, r.Name)
		assert.Equal(t, zip.Store, r.Method)
		assert.Zero(t, r.Flags&8, "sizes stand before the data")
	}

	require.NoError(t, WritePTFile(name, &File{}))
	got, err = Open(name, Limits{})
	require.NoError(t, err)
	assert.Empty(t, got.Tensors)
}

// The files that PyTorch wrote come back as they were read.
func TestWritePTFileAsPyTorchDid(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(referenceDir, "*.pt"))
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		want, err := Open(name, Limits{})
		require.NoError(t, err)
		copied := filepath.Join(t.TempDir(), "copy.pt")
		require.NoError(t, WritePTFile(copied, want))
		got, err := Open(copied, Limits{})
		require.NoError(t, err)
		equal(t, want, got)
	}
}

func TestWritePTFileRefuses(t *testing.T) {
	name := filepath.Join(t.TempDir(), "w.pt")
	for want, f := range map[string]*File{
		"metadata: want none in a torch file, got 1":               {Metadata: map[string]string{"a": "b"}},
		`tensor "x": want a type that PyTorch stores, got U32 [1]`: {Tensors: map[string]*Tensor{"x": Of([]uint32{1})}},
		`tensor "x": want a tensor, with a name`:                   {Tensors: map[string]*Tensor{"x": nil}},
		`tensor "\xff": want a tensor, with a name of UTF-8`:       {Tensors: map[string]*Tensor{"\xff": Of([]int8{1})}},
		`tensor "x": type "": want`:                                {Tensors: map[string]*Tensor{"x": {}}},
	} {
		assert.ErrorContains(t, WritePTFile(name, f), "pt: "+name+": "+want)
	}
	_, err := os.Stat(name)
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// Whatever a pickle gives can be written as one and read again.
func checkTorch(t *testing.T, f *File) {
	var b bytes.Buffer
	if writeTorch(&b, f) != nil {
		return // names that are no UTF-8
	}
	g, err := ReadPT(bytes.NewReader(b.Bytes()), int64(b.Len()), Limits{})
	require.NoError(t, err)
	equal(t, f, g)
}
