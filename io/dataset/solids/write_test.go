package solids_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset/solids"
	"setwise/io/stl"
)

// sums returns the hash of every file under dir.
func sums(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	root := os.DirFS(dir)
	require.NoError(t, fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		out[name] = fmt.Sprintf("%x", sha256.Sum256(data))
		return err
	}))
	return out
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, solids.Write(dir, solids.Options{Train: 3, Test: 2}, seeded(1)))
	got := sums(t, dir)
	assert.Len(t, got, 5*len(solids.Classes()))
	for _, class := range solids.Classes() {
		assert.Contains(t, got, "train/"+class+"/0003.stl")
		assert.Contains(t, got, "test/"+class+"/0002.stl")
	}
	seen := map[string]bool{}
	for _, sum := range got {
		assert.False(t, seen[sum], "two files alike")
		seen[sum] = true
	}

	// The same at any number of cores, others with another seed.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again := t.TempDir()
	require.NoError(t, solids.Write(again, solids.Options{Train: 3, Test: 2}, seeded(1)))
	assert.Equal(t, got, sums(t, again))
	require.NoError(t, solids.Write(again, solids.Options{Train: 3, Test: 2}, seeded(2)))
	assert.NotEqual(t, got, sums(t, again))
}

// Make makes what Write writes.
func TestMake(t *testing.T) {
	dir := t.TempDir()
	o := solids.Options{Train: 2, Test: 1, Classes: []string{"gear", "bowl"}}
	require.NoError(t, solids.Write(dir, o, seeded(1)))
	made, err := solids.Make(o, seeded(1))
	require.NoError(t, err)
	require.Len(t, made, 6)
	for _, s := range made {
		assert.Equal(t, s.Part+"/"+s.Class, filepath.Dir(s.Name))
		m, err := stl.Open(filepath.Join(dir, s.Name), stl.Limits{})
		require.NoError(t, err)
		require.Len(t, m.Faces, len(s.Mesh.Faces))
		for i, f := range s.Mesh.Faces {
			for k := range f {
				require.Equal(t, m.Vertices[m.Faces[i][k]], s.Mesh.Vertices[f[k]])
			}
		}
	}
	_, err = solids.Make(solids.Options{Train: -1}, seeded(1))
	assert.ErrorContains(t, err, "got -1 to train")
	_, err = solids.Make(solids.Options{Classes: []string{"sofa"}}, seeded(1))
	assert.ErrorContains(t, err, "sofa")
}

func TestWriteThenRead(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, solids.Write(dir, solids.Options{Classes: []string{"chair"}, Train: 1, Upright: true}, seeded(1)))
	name := filepath.Join(dir, "train", "chair", "0001.stl")
	got, err := stl.Open(name, stl.Limits{})
	require.NoError(t, err)
	seeds := seeded(1)
	want := make1(t, "chair", seeded2(seeds.Uint64(), seeds.Uint64()))
	require.Len(t, got.Faces, len(want.Faces))
	for i, f := range want.Faces {
		for k := range 3 {
			require.Equal(t, want.Vertices[f[k]], got.Vertices[got.Faces[i][k]])
		}
	}
	assert.Equal(t, want.Normals, got.Normals)
	assert.NoDirExists(t, filepath.Join(dir, "test"))

	require.NoError(t, solids.Write(dir, solids.Options{Classes: []string{"chair"}, Train: 1}, seeded(1)))
	turned, err := stl.Open(name, stl.Limits{})
	require.NoError(t, err)
	assert.NotEqual(t, got.Vertices, turned.Vertices)
	assert.InEpsilon(t, got.Area(), turned.Area(), 1e-5)
}

func TestWriteRefuses(t *testing.T) {
	dir := t.TempDir()
	assert.ErrorContains(t, solids.Write(dir, solids.Options{Classes: []string{"cup", "cat"}}, seeded(1)), `got "cat"`)
	assert.ErrorContains(t, solids.Write(dir, solids.Options{Train: 1, Test: -1}, seeded(1)), "got 1 to train and -1 to test")

	// A file where a folder should be.
	dir = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "train"), nil, 0o666))
	assert.ErrorContains(t, solids.Write(dir, solids.Options{Train: 1}, seeded(1)), "solids: mkdir "+filepath.Join(dir, "train"))
	// A folder where a file should be.
	taken := filepath.Join(dir, "test", "cup", "0002.stl")
	require.NoError(t, os.MkdirAll(taken, 0o777))
	assert.ErrorContains(t, solids.Write(dir, solids.Options{Classes: []string{"cup"}, Test: 3}, seeded(1)), "solids: open "+taken)
}

func BenchmarkWrite(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		if err := solids.Write(dir, solids.Options{}, seeded(1)); err != nil {
			b.Fatal(err)
		}
	}
}
