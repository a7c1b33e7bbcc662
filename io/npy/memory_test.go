package npy

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"io"
	"os"
	"runtime"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bound runs f and wants it to allocate, garbage included, at most 64 MiB
// more than size.
func bound(t testing.TB, name string, size int64, f func() error) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := f()
	runtime.ReadMemStats(&after)
	assert.LessOrEqual(t, int64(after.TotalAlloc-before.TotalAlloc), size+64<<20, "%s: bytes allocated (%v)", name, err)
}

// zeros is a stream of n zero bytes after a header.
func zeros(header []byte, n int64) io.Reader {
	return io.MultiReader(bytes.NewReader(header), io.LimitReader(zero{}, n))
}

type zero struct{}

func (zero) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestFilesThatLie(t *testing.T) {
	head := func(n int) []byte { return appendHeader(nil, "<f8", []int{n}) }
	folder := t.TempDir()

	// A gigabyte, promised by 128 bytes.
	bound(t, "file", 128, func() error {
		_, err := Open(save(t, "lie.npy", head(1<<27)), Limits{})
		assert.ErrorContains(t, err, "got 0")
		return err
	})
	bound(t, "stream", 128, func() error {
		_, err := Read(iotest.OneByteReader(bytes.NewReader(head(1<<27))), Limits{})
		assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
		return err
	})
	bound(t, "stream that stops late", 100<<20, func() error {
		_, err := Read(zeros(head(1<<27), 100<<20), Limits{})
		assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
		return err
	})
	packed := zipped(t, head(1<<27))
	bound(t, "gzip", int64(len(packed)), func() error {
		_, err := Open(save(t, "lie.npy.gz", packed), Limits{Bytes: 1 << 30})
		assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
		return err
	})
	archive := archived(t, zip.Deflate, member{"a.npy", head(1 << 27)})
	bound(t, "zip", int64(len(archive)), func() error {
		_, err := ReadZip(bytes.NewReader(archive), int64(len(archive)), Limits{Bytes: 1 << 30})
		assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
		return err
	})

	// A gigabyte that is promised and comes, from a megabyte.
	name := folder + "/bomb.npy.gz"
	f, err := os.Create(name)
	require.NoError(t, err)
	z, err := gzip.NewWriterLevel(f, flate.BestSpeed)
	require.NoError(t, err)
	_, err = io.Copy(z, zeros(head(1<<27), 1<<30))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.NoError(t, f.Close())
	info, err := os.Stat(name)
	require.NoError(t, err)
	bound(t, "gzip bomb", info.Size(), func() error {
		_, err := Open(name, Limits{})
		assert.ErrorContains(t, err, "want at most")
		assert.ErrorContains(t, err, "got 1073741824 (Limits.Bytes")
		return err
	})

	// The same after an array of one value.
	raw := bytes.Clone(head(1))
	one := zipped(t, append(raw, make([]byte, 100<<20)...))
	bound(t, "gzip tail", int64(len(one)), func() error {
		_, err := Open(save(t, "tail.npy.gz", one), Limits{})
		assert.ErrorContains(t, err, "got more")
		return err
	})

	// Members of an archive that are small one by one.
	part := append(head(1<<22), make([]byte, 8<<22)...) // 32 MiB
	archive = archived(t, zip.Deflate, member{"a.npy", part}, member{"b.npy", part}, member{"c.npy", part})
	bound(t, "zip bomb", int64(len(archive)), func() error {
		_, err := ReadZip(bytes.NewReader(archive), int64(len(archive)), Limits{})
		assert.ErrorContains(t, err, "npy: b.npy: header: shape [4194304] of <f8: want at most")
		return err
	})

	// What is asked for is read.
	all, err := ReadZip(bytes.NewReader(archive), int64(len(archive)), Limits{Bytes: 1 << 30})
	require.NoError(t, err)
	assert.Len(t, all, 3)
	assert.Equal(t, 1<<22, all["c"].Len())
}

// A file takes its own size, in whatever order it stores its values, and a
// long stream, whose length is not known, twice that.
func TestMemoryOfHonestFiles(t *testing.T) {
	const n = 8 << 20
	for _, order := range []string{"False", "True"} {
		b := append(file(dict("<i2", order, "(2097152, 4)"), nil, nil), make([]byte, 2*n)...)
		name := save(t, "a.npy", b)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		a, err := Open(name, Limits{})
		runtime.ReadMemStats(&after)
		require.NoError(t, err)
		assert.Equal(t, n, a.Len())
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(len(b)+2<<20))
	}
	long := zeros(appendHeader(nil, "<f8", []int{n}), 8*n)
	bound(t, "stream", 2*8*n-64<<20+2<<20, func() error {
		_, err := Read(long, Limits{})
		assert.NoError(t, err)
		return err
	})
}
